import { z } from 'zod'
import { pageOf } from '../../http/lists.js'
import { altitudes, unitKinds } from './models.js'

const at = z.iso.datetime()
const named = z.object({ id: z.string(), name: z.string() })
const position = z.object({ id: z.string(), title: z.string(), altitude: z.enum(altitudes) })
const choice = z.object({ value: z.string(), label: z.string() })
const choices = z.array(choice)

/** A person as lists show one. */
export const personLine = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  staffNumber: z.string().nullable(),
  status: z.enum(['active', 'invited', 'deactivated']),
  unit: named.nullable(),
  post: position.nullable(),
})

export const peopleShown = pageOf(personLine).extend({ units: choices })

/** A person as its page shows one. */
export const personShown = personLine.extend({
  givenName: z.string(),
  familyName: z.string(),
  leavesAt: at.nullable(),
  language: z.string(),
  manager: named.nullable(),
  career: z.array(
    z.object({
      post: z.string(),
      title: z.string(),
      unit: z.string(),
      as: z.string(),
      from: at,
      to: at.nullable(),
    }),
  ),
  managed: z.boolean(),
  /** Whether there is a second step that the reader may reset. */
  secondStep: z.boolean(),
})

export const newPersonShown = z.object({ units: choices })
export const personEditShown = personShown.extend({ units: choices })

/** What the signed-in person holds. */
export const meShown = z.object({
  person: personLine.extend({
    language: z.string(),
    timeZone: z.string(),
    manager: named.nullable(),
  }),
  roles: z.array(z.object({ role: z.string(), over: named.nullable() })),
  unread: z.number().int(),
})

interface Node {
  id: string
  name: string
  kind: string
  children: Node[]
}
const node: z.ZodType<Node> = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(unitKinds),
  get children() {
    return z.array(node)
  },
})

export const treeShown = z.object({ units: z.array(node) })
export const newUnitShown = z.object({ units: choices, parent: z.string() })
export const unitCreated = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(unitKinds),
  parent: z.string().nullable(),
})

export const unitShown = unitCreated.extend({
  path: z.array(named),
  children: z.array(named.extend({ kind: z.enum(unitKinds) })),
  people: z.array(personLine),
  more: z.boolean(),
})

export const postLine = position.extend({
  unit: named,
  holder: named.nullable(),
  deputy: named.nullable(),
  reportsTo: z.object({ id: z.string(), title: z.string() }).nullable(),
})

export const postsShown = pageOf(postLine).extend({ units: choices })

export const postShown = postLine.extend({
  profile: z
    .object({ framework: z.string(), targets: z.record(z.string(), z.number()) })
    .nullable(),
  holders: z.array(
    z.object({ person: named, as: z.string(), from: at, to: at.nullable(), current: z.boolean() }),
  ),
  posts: choices,
})

export const newPostShown = z.object({ units: choices, posts: choices, unit: z.string() })

export const rolesShown = z.object({
  roles: z.array(
    z.object({
      id: z.string(),
      role: z.string(),
      person: named,
      unit: named,
      from: at,
      to: at.nullable(),
    }),
  ),
  units: choices,
})

export const roleCreated = z.object({
  id: z.string(),
  role: z.string(),
  person: z.string(),
  unit: z.string(),
  from: at,
  to: at.nullable(),
})
