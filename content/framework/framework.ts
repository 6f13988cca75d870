import { readFileSync } from 'node:fs'
import { frameworkSource, type FrameworkSource } from './schema.js'

/** A framework that the product ships with, parsed. Throws, naming the file, when it does not fit its schema. */
export function readFramework(id: string): FrameworkSource {
  const file = new URL(`./${id}.json`, import.meta.url)
  const { success, data, error } = frameworkSource.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!success)
    throw new Error(`content/framework/${id}.json does not fit its schema`, { cause: error })

  return data
}
