import type { QueryFilter } from 'mongoose'
import { Invalid, type FieldError } from '../../errors.js'
import type { Actor, Id, Name } from '../../kernel/contract.js'
import { foldedWords, wordFilter } from '../../platform/words.js'
import { normalisedEmail } from '../people/describing.js'
import { peopleWhere, type Person } from '../people/people.js'
import { visibleTo } from './scope.js'

/** How somebody is meant in a form: the permission held over that person, and the field that says who. */
export interface Meaning {
  readonly permission: Name
  readonly field: string
}

const namesakes = 50

/**
 * The people meant by ids, addresses, staff numbers or whole names, among those over whom the actor holds a permission.
 * Throws `Invalid` with a line for each text that means nobody, or more than one.
 */
export async function peopleMeant(
  actor: Actor,
  texts: readonly string[],
  { permission, field }: Meaning,
): Promise<Id[]> {
  const scope: QueryFilter<Person> = {
    $and: [visibleTo(actor, permission), { status: { $ne: 'deactivated' } }],
  }
  const said = [...new Set(texts.map((text) => text.trim()).filter(Boolean))]
  const byKey = await keyed(scope, said)
  const found: Id[] = []
  const errors: FieldError[] = []
  for (const who of said) {
    const key = byKey.get(who)
    const people = key ? [key] : await named(scope, who)
    const [only] = people
    if (only && people.length === 1) found.push(only)
    else {
      const code = only ? 'organisation:several-people' : 'organisation:nobody-meant'
      errors.push({ path: field, code, values: { who } })
    }
  }
  if (errors.length > 0) throw new Invalid('core:invalid-form', { errors })
  return [...new Set(found)]
}

/** The one person meant. */
export async function personMeant(actor: Actor, who: string, permission: Name): Promise<Id> {
  const [person] = await peopleMeant(actor, [who], { permission, field: 'person' })
  if (!person) throw new Invalid('core:invalid-form')
  return person
}

/** By what only one person has: id, address or staff number. */
async function keyed(
  scope: QueryFilter<Person>,
  texts: readonly string[],
): Promise<Map<string, Id>> {
  const emails = texts.map(normalisedEmail)
  const filter: QueryFilter<Person> = {
    $and: [
      scope,
      {
        $or: [{ _id: { $in: texts } }, { email: { $in: emails } }, { staffNumber: { $in: texts } }],
      },
    ],
  }
  const people = await peopleWhere({ filter, fields: { email: 1, staffNumber: 1 } })
  const ids = new Map<string, Id>()
  for (const { _id, email, staffNumber } of people)
    for (const key of [staffNumber, email, _id]) if (key) ids.set(key, _id)
  return new Map(
    texts.flatMap((text) => {
      const id = ids.get(text) ?? ids.get(normalisedEmail(text))
      return id ? [[text, id] as const] : []
    }),
  )
}

/** By a whole name, its words in any order. */
async function named(scope: QueryFilter<Person>, who: string): Promise<Id[]> {
  const words = inOrder(who)
  if (!words) return []
  const filter = { $and: [scope, ...(wordFilter(who).$and ?? [])] }
  const people = await peopleWhere({ filter, fields: { name: 1 }, limit: namesakes })
  return people.filter(({ name }) => inOrder(name) === words).map(({ _id }) => _id)
}

const inOrder = (text: string): string => foldedWords(text).sort().join(' ')
