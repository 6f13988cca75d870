import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import express, { type RequestHandler } from 'express'
import { appRoot } from '../paths.js'

let names: Readonly<Record<string, string>> = {}

/** Reads which hashed file stands for each client entry of the build. */
export function loadAssets(): void {
  const manifest = join(appRoot, 'assets', 'manifest.json')
  names = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>)
    : {}
}

/** The address of a client file: `app.js`, `app.css`, `scorm/shell.js`. */
export const asset = (name: string): string => `/assets/${names[name] ?? name}`

/** Serves the built client files; their names change with their content, so they are kept for ever. */
export const serveAssets = (): RequestHandler =>
  express.static(join(appRoot, 'assets'), {
    immutable: true,
    maxAge: '365d',
    index: false,
    redirect: false,
    dotfiles: 'ignore',
  })
