import { parseArgs, type ParseArgsConfig } from 'node:util'

export interface Fields {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly words: readonly string[]
}

/** One command of `palier`: what `--help` says, which options it has, what it does. */
export interface Command {
  readonly usage: string
  readonly summary: string
  readonly help?: string
  readonly options?: NonNullable<ParseArgsConfig['options']>
  /** Throws an error whose message is for the person at the terminal. */
  run(fields: Fields): Promise<void>
}

/** Reads a command's options; an unknown one is an error that names it. */
export function fieldsOf(given: readonly string[], { options = {} }: Command): Fields {
  const { values, positionals } = parseArgs({
    args: [...given],
    options,
    allowPositionals: true,
    strict: true,
  })
  return { values: values as Fields['values'], words: positionals }
}
