import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageOf } from './builder/build.js'
import type { Language } from './builder/sources.js'
import type { Target } from './player/course.js'

const folder = fileURLToPath(new URL('./modules/', import.meta.url))

/** The modules this version ships, by id. */
export function shippedModules(): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((id) => existsSync(join(folder, id, 'module.json')))
    .sort()
}

/** The zip of a shipped module in one language, built when asked for: a few hundred milliseconds. */
export function modulePackage(
  module: string,
  language: Language,
  target: Target = 'scorm2004',
): Promise<Buffer> {
  if (!shippedModules().includes(module)) throw new Error(`no module is called ${module}`)
  return packageOf(join(folder, module), language, target)
}
