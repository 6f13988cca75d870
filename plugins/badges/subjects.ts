import { subject, type Actor, type Id } from '#core'
import { someHolders } from './awards.js'
import { findBadge, someBadges } from './badges.js'
import type { Badge } from './models.js'
import { findHolder, type Holder } from './showcase.js'

const ownedBadge = ({ unit, author }: Badge) => ({ units: [unit], owners: [author] })

/** `:badge`, in the actor's institution. */
export const onBadge = subject({
  name: 'badge',
  load: (actor: Actor, id: Id) => findBadge(actor, id),
  owned: ownedBadge,
  sample: async () =>
    (await someBadges()).map((badge) => ({ id: badge._id, ...ownedBadge(badge) })),
})

/** `:person`, for whoever may see that person's badges. */
export const onHolder = subject({
  name: 'person',
  load: (actor: Actor, id: Id) => findHolder(actor, id),
  owned: ({ id }: Holder) => ({ person: id }),
  sample: async () => (await someHolders()).map((id) => ({ id, person: id })),
})
