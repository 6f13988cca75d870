import { AsyncLocalStorage } from 'node:async_hooks'
import { pino } from 'pino'
import { toldError } from './told-error.js'

type Belonging = Readonly<Record<'requestId' | 'job' | 'event', string>>

const belonging = new AsyncLocalStorage<Partial<Belonging>>()

/**
 * Structured log of the process. Never write personal data to it: ids, codes and counts only. Errors go under `err`,
 * which leaves out what they quote.
 */
export const logger = pino({
  level: 'info',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  mixin: () => ({ ...belonging.getStore() }),
  serializers: { err: toldError },
})

export type Logger = typeof logger

/** Every line written while `work` goes on, wherever, names what it belongs to. */
export const loggedAs = <T>(names: Partial<Belonging>, work: () => T): T =>
  belonging.run(names, work)
