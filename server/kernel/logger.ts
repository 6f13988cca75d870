import { pino } from 'pino'

/** Structured log of the process. Never write personal data to it: ids, codes and counts only. */
export const logger = pino({ level: 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime })

export type Logger = typeof logger
