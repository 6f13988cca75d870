import { subject } from '../../http/routes.js'
import { findPair, somePairs, type Pair } from './pairs.js'

const owned = ({ units }: Pair) => ({ units })

/** `:pair`, where the actor manages both people. */
export const onPair = subject({
  name: 'pair',
  load: findPair,
  owned,
  sample: async () => (await somePairs()).map((pair) => ({ id: pair._id, ...owned(pair) })),
})
