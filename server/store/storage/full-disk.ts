import { statfsSync } from 'node:fs'
import { MongoError } from '../errors.js'

/** LMDB tells a write that was cut short as an input/output error. */
const CUT_SHORT = /input\/output error|no space left|ENOSPC|MDB_MAP_FULL|file too large/i
/** With less than this left, a write that was cut short is taken for a full disk. */
const LEAST_FREE_BYTES = 1_000_000

/** What a failed commit is to its senders: MongoDB's error for a full disk, where that is why. */
export function commitFailure(error: unknown, directory: string): unknown {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof MongoError || !CUT_SHORT.test(message)) return error
  const { bavail, bsize } = statfsSync(directory)
  const isFull = bavail * bsize < LEAST_FREE_BYTES || !/input\/output/i.test(message)
  return isFull ? new MongoError(14031, `the disk is full, nothing was written: ${message}`) : error
}
