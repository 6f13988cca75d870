import { settingSources } from '../../config.js'
import { bad, note, reasonOf, type Finding } from './check.js'

/** What to do about a setting that cannot be read, where the message alone does not say it. */
const advice: Readonly<Record<string, string>> = {
  PORT: 'Set it to a number from 1 to 65535; 3000 where it is not set.',
  PUBLIC_URL: 'Set it to the address people type, with https:// and without a path.',
  CONTENT_URL:
    'Set it to a domain that is used for nothing else, as https://*.palier-content.example.',
  MONGODB_URI: 'It begins with mongodb:// or mongodb+srv://; leave it out for the embedded store.',
  SMTP_URL: 'As smtp://user:password@mail.example:587, or smtps:// for port 465.',
  SESSION_SECRET: 'Set it to the output of `openssl rand -hex 32`, and keep it with the backups.',
  LOG_LEVEL: 'One of fatal, error, warn, info, debug, trace, silent.',
}

/** One finding for each setting that cannot be read, each with its own remedy. */
export function misconfigured(error: Error): Finding[] {
  const lines = reasonOf(error).split('\n')
  const named = lines.filter((line) => /^[A-Z][A-Z0-9_]+\b/.test(line))
  return (named.length > 0 ? named : lines).map((line) =>
    bad('settings', line, advice[nameIn(line)] ?? 'Set it as docs/operations.md says.'),
  )
}

const nameIn = (line: string): string => /^[A-Z0-9_]+/.exec(line)?.[0] ?? ''

/** Variables that are set and almost have the name of a setting: what was meant has no effect. */
export function misspelled(environment: readonly string[]): Finding[] {
  const known = settingSources().map(({ name }) => name)
  return environment
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = known.find((one) => one.length > 6 && isNear(name, one))
      if (!meant || environment.includes(meant)) return []
      return [note('settings', `${name} is no setting`, `Call it ${meant} if that was meant.`)]
    })
}

/** Whether two words differ by one letter, or by two that changed places. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let from = 0
  while (from < a.length && a[from] === b[from]) from += 1
  const rest = (text: string, skip: number): string => text.slice(from + skip)
  return (
    rest(a, 1) === rest(b, 1) ||
    rest(a, 1) === rest(b, 0) ||
    rest(a, 0) === rest(b, 1) ||
    (rest(a, 2) === rest(b, 2) && a[from] === b[from + 1] && a[from + 1] === b[from])
  )
}
