import { Invalid } from '../../../errors.js'
import type { Actor, Id, Name } from '../../../kernel/contract.js'
import { contributions } from '../../../kernel/plugins.js'
import { administeredBy, may } from '../../people/access.js'
import { audit } from '../../people/audit.js'
import type { Lasting, Months, Removable } from '../contract.js'
import { RetentionRuleModel, type RetentionRule } from './models.js'

/** Whoever holds it says how long the institution keeps what. */
export const setRetention: Name = 'privacy:set-retention'

/** Where what belongs to no institution is set. */
export const installation = 'installation'

/** How long the kinds of a place are kept. */
export type Kept = ReadonlyMap<Name, Months>

/** The kinds whose time is set at a place: an institution, or the installation. */
export const kindsAt = (place: Id): Removable[] =>
  contributions('retention').filter(
    (kind): kind is Removable =>
      !('lasting' in kind) && (kind.of === 'installation') === (place === installation),
  )

/** The kinds whose time nobody sets. */
export const lastingKinds = (): Lasting[] =>
  contributions('retention').filter((kind): kind is Lasting => 'lasting' in kind)

/** The places whose times an actor sets: its institution, and the installation where it runs that. Throws `NotFound`. */
export function placesOf(actor: Actor): Id[] {
  const institution = administeredBy(actor, setRetention)
  return may(actor, 'platform:administer') ? [institution, installation] : [institution]
}

/** Whether somebody has said how long a place keeps what. Until then the defaults are a proposal, and nothing goes. */
export const isChosen = async (place: Id): Promise<boolean> =>
  (await RetentionRuleModel.exists({ _id: place })) !== null

/** How long a place keeps what, by its own choice or by each kind's default. */
export async function keptAt(place: Id): Promise<Kept> {
  const rule = await RetentionRuleModel.findById(place).lean<RetentionRule>()
  const chosen = new Map(rule?.kept.map(({ kind, months }) => [kind, months]))
  return new Map(
    kindsAt(place).map(({ id, defaultMonths }) => {
      const months = chosen.get(id)
      return [id, months === undefined ? defaultMonths : months]
    }),
  )
}

/** Times somebody wishes for, by kind. */
export type Wished = Readonly<Record<string, Months>>

/** How long a place would keep what. Throws `Invalid` for a kind that is not there, and below its minimum. */
export async function wishedAt(places: readonly Id[], wished: Wished): Promise<Map<Id, Kept>> {
  refuseUnfit(places, wished)
  const kept = await Promise.all(
    places.map(async (place): Promise<[Id, Kept]> => {
      const now = await keptAt(place)
      const then = [...now].map(([kind, months]): [Name, Months] => {
        const wish = wished[kind]
        return [kind, wish === undefined ? months : wish]
      })
      return [place, new Map(then)]
    }),
  )
  return new Map(kept)
}

/** Sets how long what is kept where the actor sets it. Nothing is removed by this itself. The log says what changed. */
export async function changeRetention(actor: Actor, wished: Wished): Promise<void> {
  const places = placesOf(actor)
  for (const [place, kept] of await wishedAt(places, wished)) {
    const before = await keptAt(place)
    const isFirst = !(await isChosen(place))
    const changed = [...kept].filter(([kind, months]) => isFirst || months !== before.get(kind))
    if (changed.length === 0) continue
    const rule = { kept: [...kept].map(([kind, months]) => ({ kind, months })) }
    await RetentionRuleModel.updateOne({ _id: place }, { $set: rule }, { upsert: true })
    await audit(actor, 'privacy:retention-changed', {
      object: place,
      details: Object.fromEntries(changed.map(([kind, months]) => [kind, months ?? '∞'])),
    })
  }
}

function refuseUnfit(places: readonly Id[], wished: Wished): void {
  const known = new Map(places.flatMap(kindsAt).map((kind) => [kind.id as string, kind]))
  const errors = Object.entries(wished).flatMap(([path, months]) => {
    const kind = known.get(path)
    if (!kind) return [{ path, code: 'core:field-unknown' }]
    if (months === null || months >= kind.minMonths) return []
    return [{ path, code: 'privacy:kept-too-briefly', values: { months: kind.minMonths } }]
  })
  if (errors.length > 0) throw new Invalid('core:invalid-form', { errors })
}
