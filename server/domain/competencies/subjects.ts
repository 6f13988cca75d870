import { subject } from '../../http/routes.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { findFramework, someFrameworks, type Framework } from './frameworks.js'

const owned = ({ unit }: Framework) => ({ units: [unit] })

/** `:framework`, an id or the slug of what is in force; drafts only for who keeps them. */
export const onFramework = subject({
  name: 'framework',
  load: (actor: Actor, id: Id) => findFramework(actor, id),
  owned,
  sample: async () =>
    (await someFrameworks()).map((framework) => ({ id: framework._id, ...owned(framework) })),
})
