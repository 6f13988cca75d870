import type { Id } from '../../kernel/contract.js'
import { wholeWords } from '../../platform/words.js'
import { PersonModel, type Person } from './models.js'

/** What two accounts may have in common, the surest first. */
export const likenesses = ['number', 'address', 'name'] as const
export type Likeness = (typeof likenesses)[number]

interface Described {
  readonly givenName: string
  readonly familyName: string
  readonly email?: string | undefined
  readonly staffNumber?: string | undefined
}

/**
 * The keys by which accounts are compared, each `<likeness>:<value>`: the staff number without what typing adds to it, the
 * address without what follows a plus, the words of the name in any order. Equal keys are found by an index.
 */
export function likenessOf({ givenName, familyName, email, staffNumber }: Described): string[] {
  const number = staffNumber
    ?.replace(/\s/g, '')
    .toUpperCase()
    .replace(/^0+(?=.)/, '')
  const address = email?.replace(/\+[^@]*(?=@)/, '')
  const name = wholeWords(`${givenName} ${familyName}`).toSorted().join(' ')
  const keys: Record<Likeness, string | undefined> = { number, address, name }
  return likenesses.flatMap((one) => (keys[one] ? [`${one}:${keys[one]}`] : []))
}

/** What two accounts have in common. */
export const sharedBy = (
  one: Pick<Person, 'likeness'>,
  other: Pick<Person, 'likeness'>,
): Likeness[] => likenesses.filter((like) => keyIn(one, like) === keyIn(other, like))

/** What is written beside new keys, so that they are compared. */
export const toCompare = ({ likeness }: { readonly likeness?: unknown }) =>
  likeness ? { uncompared: true } : {}

/** Has accounts compared once more, since they belong elsewhere. */
export async function compareAgain(people: readonly Id[]): Promise<void> {
  await PersonModel.updateMany(
    { _id: { $in: [...people] }, 'likeness.0': { $exists: true } },
    { $set: { uncompared: true } },
  )
}

/** Notes that accounts were compared as they were called then; who was called otherwise meanwhile is compared again. */
export async function markCompared(
  people: readonly Pick<Person, '_id' | 'likeness'>[],
): Promise<void> {
  if (people.length === 0) return
  await PersonModel.bulkWrite(
    people.map(({ _id, likeness = [] }) => ({
      updateOne: { filter: { _id, likeness }, update: { $unset: { uncompared: 1 } } },
    })),
    { ordered: false },
  )
}

/** A key that no other account has where there is none: what both lack is nothing in common. */
const keyIn = (
  { likeness, ...person }: Pick<Person, 'likeness'> & { readonly _id?: Id },
  like: Likeness,
): string | symbol =>
  likeness?.find((key) => key.startsWith(`${like}:`)) ?? Symbol(person._id ?? like)
