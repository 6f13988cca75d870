import type { Document } from 'bson'
import { isPlainObject, numeric } from './commands/schema.js'

/** What a command must do instead of, or beside, its work. */
export interface Failure {
  readonly closeConnection: boolean
  readonly blockMs: number
  readonly error: Document | undefined
  readonly writeConcernError: Document | undefined
  readonly labels: readonly string[] | undefined
}

/** MongoDB's `failCommand`, by which drivers test how they meet failures. */
export class FailPoint {
  #data: Document | undefined
  #times = 0
  #skip = 0

  /** Takes `configureFailPoint`'s mode: `off`, `alwaysOn`, or `{ times, skip }`. */
  configure(mode: unknown, data: Document): void {
    this.#data = mode === 'off' ? undefined : data
    this.#times = isPlainObject(mode) && 'times' in mode ? numeric(mode['times']) : Infinity
    this.#skip = isPlainObject(mode) && 'skip' in mode ? numeric(mode['skip']) : 0
  }

  /** The failure that this command is to meet, if any. */
  next(command: string, application: string | undefined): Failure | undefined {
    const data = this.#data
    const commands: unknown = data?.['failCommands']
    if (data === undefined || !Array.isArray(commands) || !commands.includes(command))
      return undefined
    if (data['appName'] !== undefined && data['appName'] !== application) return undefined
    if (this.#skip > 0) {
      this.#skip -= 1
      return undefined
    }
    this.#times -= 1
    if (this.#times <= 0) this.#data = undefined
    return failureOf(data)
  }
}

function failureOf(data: Document): Failure {
  const code: unknown = data['errorCode']
  const blocks = data['blockConnection'] === true
  return {
    closeConnection: data['closeConnection'] === true,
    blockMs: blocks ? numeric(data['blockTimeMS']) : 0,
    error: code === undefined ? undefined : { code: numeric(code) },
    writeConcernError: data['writeConcernError'] as Document | undefined,
    labels: data['errorLabels'] as string[] | undefined,
  }
}
