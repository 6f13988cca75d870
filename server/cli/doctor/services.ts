import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Config } from '../../config.js'
import { firstBrokenLine } from '../../domain/people/audit.js'
import type { LoadedFeature } from '../../load.js'
import { now } from '../../platform/clock.js'
import { closeDatabase, connectDatabase, databaseClock } from '../../platform/database.js'
import { pingRedis } from '../../platform/hints.js'
import { tryBucket } from '../../platform/storage-s3.js'
import { findMigrations, migratingUntil, waitingMigrations } from '../../platform/migrations.js'
import { runningStore } from '../running-store.js'
import { bad, good, note, reasonOf, type Finding } from './check.js'
import { clock } from './machine.js'

/** The database, the migrations in it, and whether its clock agrees with ours. */
export async function database(
  config: Config,
  features: readonly LoadedFeature[],
): Promise<Finding[]> {
  const embedded = !config.mongodbUri
  if (embedded && !existsSync(join(config.dataDir, 'store')))
    return [good('database', 'embedded; the first start makes it'), clock(undefined)]
  try {
    const how = await reach(config)
    const { at } = await databaseClock()
    const all = [good('database', how), ...(await migrations(features)), await auditLog()]
    return [...all, clock(at)]
  } catch (error) {
    const todo = embedded
      ? `Look at ${join(config.dataDir, 'store')}: \`palier store\` checks and mends it.`
      : 'See that MONGODB_URI is right, and that this machine may connect.'
    return [bad('database', reasonOf(error), todo), clock(undefined)]
  } finally {
    await closeDatabase()
  }
}

/** A store that a running Palier has started is asked where it listens; otherwise it is started for the question. */
async function reach({ mongodbUri, dataDir }: Config): Promise<string> {
  const running = mongodbUri ? undefined : await runningStore(dataDir)
  await connectDatabase({ mongodbUri: mongodbUri ?? running, dataDir })
  if (mongodbUri) return 'MongoDB answers'
  return running ? 'embedded, in use by a running Palier' : 'embedded, answers'
}

/** Whether every line of the audit log fits the one before. */
async function auditLog(): Promise<Finding> {
  const broken = await firstBrokenLine()
  if (broken === undefined) return good('audit', 'every line fits the one before')
  const found = `line ${broken} was changed, or a line before it is missing`
  return bad('audit', found, 'Compare it with a backup: somebody wrote to the database by hand.')
}

async function migrations(features: readonly LoadedFeature[]): Promise<Finding[]> {
  const all = await findMigrations(features)
  const waiting = await waitingMigrations(all)
  if (waiting.length === 0) return [good('migrations', `all ${all.length} have run`)]
  const names = waiting.map(({ id }) => id).join(', ')
  const since = await migratingUntil()
  if (since && since < now()) return [bad('migrations', `one ended in the middle: ${names}`, redo)]
  return [note('migrations', `not run yet: ${names}`, 'Take a backup; the next start runs them.')]
}

const redo =
  'Start Palier, or run `palier migrate`: it begins again with the first that is not done.'

/** Whether the bucket takes, gives, lists and removes, where one keeps the files. */
export async function bucket({ s3Url }: Config): Promise<Finding[]> {
  if (!s3Url) return []
  try {
    await tryBucket(s3Url)
    return [good('files', `kept in a bucket at ${new URL(s3Url).host}`)]
  } catch (error) {
    const cause = (error as Error).cause ?? error
    const todo =
      'See that S3_URL has the right host, bucket, region, key and secret, and that the key may write, read, list and remove.'
    return [bad('files', reasonOf(cause), todo)]
  }
}

/** Whether Redis answers, where one carries hints between processes. */
export async function redis({ redisUrl }: Config): Promise<Finding[]> {
  if (!redisUrl) return []
  try {
    await pingRedis(redisUrl)
    return [good('redis', 'answers')]
  } catch (error) {
    const todo = 'See that REDIS_URL is right; without Redis, hints stay within their process.'
    return [bad('redis', reasonOf(error), todo)]
  }
}

const account =
  'See that SMTP_URL has the right user and password; write @ and : in them as %40 and %3A.'

/** Whether the mail server answers and takes our name. */
export async function mail({ smtpUrl, dataDir, production }: Config): Promise<Finding> {
  if (!smtpUrl) {
    const found = `mails are kept in ${join(dataDir, 'outbox')}`
    return production
      ? note('mail', found, 'Set SMTP_URL so that they go out.')
      : good('mail', found)
  }
  const waits = { connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 5000 }
  const transport = createTransport({ url: smtpUrl, ...waits })
  try {
    await transport.verify()
    return good('mail', 'the server answers')
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EAUTH') return bad('mail', 'the server refuses the account', account)
    return bad('mail', reasonOf(error), 'See that SMTP_URL names its host, port and account right.')
  } finally {
    transport.close()
  }
}
