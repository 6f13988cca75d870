import type { Id } from '../../kernel/contract.js'

declare module '../../kernel/contract.js' {
  interface Events {
    /** These people came, left, or hold another post, unit or manager than before: what follows from it is to be looked at. */
    'organisation:moved': { people: readonly Id[] }
  }
}
