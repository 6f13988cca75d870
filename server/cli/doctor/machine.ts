import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import type { Config } from '../../config.js'
import { now } from '../../platform/clock.js'
import { appRoot } from '../../paths.js'
import { listens } from '../running-store.js'
import { bad, good, note, reasonOf, type Finding } from './check.js'

const oldestNode = [20, 19] as const
const megabyte = 1024 ** 2

/** Whether this Node can run Palier. */
export function nodeVersion(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [least, leastMinor] = oldestNode
  if (major > least || (major === least && minor >= leastMinor)) return good('node', version)
  return bad('node', version, `Install Node ${oldestNode.join('.')} or later.`)
}

/** Whether the data folder can be written, and has room. */
export function dataFolder({ dataDir, production }: Config): Finding {
  const probe = join(dataDir, `.doctor-${process.pid}`)
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    return bad('data', reasonOf(error), `Let this user write to ${dataDir}, or set DATA_DIR.`)
  }
  if (production && dataDir.startsWith(tmpdir() + sep))
    return bad(
      'data',
      `${dataDir} is emptied when the machine starts`,
      'Set DATA_DIR to a lasting folder.',
    )
  const { bavail, bsize } = statfsSync(dataDir)
  const free = Math.floor((bavail * bsize) / megabyte)
  const found = `${dataDir}, ${free} MB free`
  if (free < 200) return bad('data', found, 'Make room: Palier stops taking work when it is full.')
  if (free < 2000) return note('data', found, 'Make room before many packages are uploaded.')
  return good('data', found)
}

/** Whether as many connections and files can be open as a busy day needs. */
export function descriptors(limits = '/proc/self/limits'): Finding {
  const text = existsSync(limits) ? readFileSync(limits, 'utf8') : ''
  const [, most] = /^Max open files +(\d+)/m.exec(text) ?? []
  if (!most || Number(most) >= 4096) return good('limits', `${most ?? 'many'} open files`)
  return note('limits', `${most} open files`, 'Set LimitNOFILE=65536 in the systemd unit.')
}

/** Whether the secret that signs cookies and content addresses can be guessed. */
export function secretStrength({ sessionSecret, dataDir }: Config): Finding {
  const todo =
    'Set SESSION_SECRET to the output of `openssl rand -hex 32`; everybody signs in anew.'
  if (new Set(sessionSecret).size < 10) return bad('secret', 'it has too few characters', todo)
  const file = join(dataDir, 'session-secret')
  if (process.env.SESSION_SECRET || !existsSync(file)) return good('secret', 'strong')
  const readable = statSync(file).mode & 0o077
  if (readable) return bad('secret', `${file} is open to others`, `chmod 600 ${file}`)
  return good('secret', `strong, kept in ${file}`)
}

/** Whether the clock can be right: it is later than the program, and agrees with the database's. */
export function clock(databaseTime: Date | undefined): Finding {
  const at = now()
  const todo = 'Set the clock, and keep it by NTP: sessions, due dates and leases go by it.'
  if (at < statSync(join(appRoot, 'package.json')).mtime) {
    return bad('clock', `${at.toISOString()} is before this Palier was built`, todo)
  }
  const apart = databaseTime ? Math.abs(Number(at) - Number(databaseTime)) / 1000 : 0
  if (apart > 5) return bad('clock', `${Math.round(apart)} s off the database's`, todo)
  return good('clock', at.toISOString())
}

/** Whether the port is free, or Palier's own already. */
export async function port({ port: number, host }: Config): Promise<Finding> {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host
  if (number === 0 || !(await listens({ host: reached, port: number })))
    return good('port', `${number} is free`)
  const answer = await fetch(`http://${reached}:${number}/health`, {
    signal: AbortSignal.timeout(2000),
  }).catch(() => undefined)
  const health = (await answer?.json().catch(() => undefined)) as { status?: string } | undefined
  if (health?.status === 'ok') return good('port', `${number}: Palier answers`)
  return bad('port', `another program listens on ${number}`, 'Stop it, or set PORT.')
}
