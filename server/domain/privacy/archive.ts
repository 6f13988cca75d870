import { formatFor } from '../../http/format.js'
import type { Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { translator } from '../../platform/i18n.js'
import { storage } from '../../platform/storage.js'
import { zipOf, type ZippedFile } from '../../platform/zip-writing.js'
import { findPerson } from '../people/people.js'
import { kindStart, pageEnd, pageStart, recordHtml } from './readable.js'
import { kindsOf, recordsOf, type Kind } from './records.js'

/**
 * All that is kept about a person, as a zip that is written while it is sent: a page to read, the records as JSON
 * (GDPR art. 15 and 20), and the files they attached.
 */
export const ownData = (person: Id): AsyncIterable<Uint8Array> => zipOf(filesFor(person))

async function* filesFor(person: Id): AsyncGenerator<ZippedFile> {
  const filled = (await kindsOf(person)).map(({ kind }) => kind)
  yield { path: 'index.html', read: () => readable(filled, person) }
  for (const kind of filled) {
    yield { path: `data/${kind.model}.json`, read: () => json(kind, person) }
    for await (const { name, hash } of filesOf(kind, person)) {
      yield { path: `files/${hash.slice(0, 12)}-${fileName(name)}`, read: () => stored(hash) }
    }
  }
}

async function* stored(hash: string): AsyncGenerator<Uint8Array> {
  yield* (await storage.open(hash)).stream() as AsyncIterable<Uint8Array>
}

async function* readable(filled: readonly Kind[], person: Id): AsyncGenerator<string> {
  const { name, language } = await findPerson(person)
  const t = translator(language)
  yield pageStart(t, { language, name, at: formatFor(language).date(now()) })
  for (const kind of filled) {
    yield kindStart(t, kind)
    for await (const record of recordsOf(kind, person)) yield recordHtml(record)
  }
  yield pageEnd
}

async function* json(kind: Kind, person: Id): AsyncGenerator<string> {
  let separator = '[\n'
  for await (const record of recordsOf(kind, person)) {
    yield separator + JSON.stringify(record)
    separator = ',\n'
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

async function* filesOf(
  kind: Kind,
  person: Id,
): AsyncGenerator<{ readonly name: string; readonly hash: string }> {
  const givers = kind.rules.flatMap(({ files }) => files ?? [])
  if (givers.length === 0) return
  for await (const record of recordsOf(kind, person)) for (const give of givers) yield* give(record)
}

/** A name without anything that a path or another system could take amiss. */
const fileName = (name: string): string => name.replace(/[^\p{L}\p{N}._ -]/gu, '_').slice(-80)
