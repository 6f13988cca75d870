import type { Demo } from '../../../content/demo/demo.js'

type Post = Demo['posts'][number]

/** Who holds a post today: its holder or, in a vacancy, the deputy; nobody at all in a bare one. */
export function holdersToday({ holders }: Post): string[] {
  return holders.filter(({ toDaysAgo }) => toDaysAgo === undefined).map(({ person }) => person)
}

/** A unit and all above it, the root last; stops short of the root where the tree is broken. */
export function unitsAbove({ institution }: Demo, unit: string): string[] {
  const path: string[] = []
  let at = institution.units.find(({ id }) => id === unit)
  while (at && !path.includes(at.id)) {
    path.push(at.id)
    const { parent } = at
    at = institution.units.find(({ id }) => id === parent)
  }
  return path
}

/** Who holds the post that a person's own post reports to. */
export function manager({ posts }: Demo, person: string): string | undefined {
  const own = posts.find((post) => holdersToday(post).includes(person))
  const above = posts.find(({ id }) => id === own?.reportsTo)
  return above && holdersToday(above)[0]
}
