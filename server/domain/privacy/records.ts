import type { Id, Name } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import { definedModels, type Model } from '../../platform/database.js'
import type { PersonalData } from '../people/contract.js'

/** One kind of record, and the rules that say where a person is in it. */
export interface Kind {
  readonly model: string
  /** Translation key of what its records are. */
  readonly label: Name
  readonly rules: readonly PersonalData[]
}

type Plain = Readonly<Record<string, unknown>>

/** Every kind of record with something of a person in it, as the enabled features declare them. */
export function kinds(): Kind[] {
  const byModel = new Map<string, PersonalData[]>()
  for (const rule of contributions('personalData'))
    byModel.set(rule.model, [...(byModel.get(rule.model) ?? []), rule])
  return [...byModel].map(([model, rules]) => ({ model, label: labelOf(model), rules }))
}

/** `learning.PackageVersion` → `learning:personal.package-version`. */
export function labelOf(model: string): Name {
  const [owner = '', noun = ''] = model.split('.')
  const kebab = noun.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
  return `${owner}:personal.${kebab}`
}

/** The model of a kind's records. */
export function modelOf({ model }: Pick<Kind, 'model'>): Model<unknown> {
  const found = definedModels().get(model)
  if (!found) throw new Error(`personalData names ${model}, which nobody defines`)
  return found
}

/** The records of a kind in which a person is, by whichever of its rules. */
export const within = ({ rules }: Pick<Kind, 'rules'>, person: Id): object => ({
  $or: rules.filter(({ others }) => !others).map(({ path }) => ({ [path]: person })),
})

/** The kinds that hold something of a person, and how many records of each. */
export async function kindsOf(person: Id): Promise<{ kind: Kind; count: number }[]> {
  const counted = await Promise.all(
    kinds().map(async (kind) => ({
      kind,
      count: await modelOf(kind).countDocuments(within(kind, person)),
    })),
  )
  return counted.filter(({ count }) => count > 0)
}

/** What erasing does to a kind. One in which a person is in several ways is told by the way that keeps most. */
export function fateOf({ rules }: Kind): Pick<PersonalData, 'onErasure' | 'reason'> {
  const own = rules.filter(({ others }) => !others)
  const by = (fate: PersonalData['onErasure']) => own.find(({ onErasure }) => onErasure === fate)
  return by('keep') ?? by('anonymise') ?? { onErasure: 'delete' }
}

/** A person's records of a kind, as they are kept, without secrets and without what is of others in the same record. */
export async function* recordsOf(kind: Kind, person: Id): AsyncGenerator<Plain> {
  const secret = new Set(kind.rules.flatMap(({ secret: fields = [] }) => fields))
  const cursor = modelOf(kind).find(within(kind, person)).lean<Plain[]>().cursor()
  for await (const record of cursor as AsyncIterable<Plain>)
    yield ownPart(record, { paths: kind.rules.map(({ path }) => path), person, secret })
}

interface Own {
  readonly paths: readonly string[]
  readonly person: Id
  readonly secret: ReadonlySet<string>
}

function ownPart(record: Plain, { paths, person, secret }: Own): Plain {
  const kept = Object.entries(record).filter(([field]) => !secret.has(field))
  return Object.fromEntries(
    kept.map(([field, value]) => {
      const [inner] = paths.flatMap((path) =>
        path === field || path.startsWith(`${field}.`) ? [path.slice(field.length + 1)] : [],
      )
      const filtered =
        Array.isArray(value) && inner !== undefined
          ? value.filter((item) => at(item, inner) === person)
          : value
      return [field, filtered]
    }),
  )
}

function at(value: unknown, path: string): unknown {
  if (path === '') return value
  return path
    .split('.')
    .reduce<unknown>((found, key) => (found as Record<string, unknown> | null)?.[key], value)
}
