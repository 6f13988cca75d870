import { mostFound, type SearchSource } from '../../http/search-routes.js'
import { matchesWords, wordFilter } from '../../platform/words.js'
import { may } from '../people/access.js'
import { listPeople, listPeopleNeeds } from './directory.js'
import { postsOver, postsWhere, titleIn } from './posts.js'
import { lineUp } from './presenting.js'
import { nameIn, unitsKnownTo, unitsNamed } from './units.js'

/** People whom the actor may list, by name, address or staff number. */
export const searchPeople: SearchSource = {
  id: 'organisation:people',
  label: 'organisation:people.title',
  icon: 'people',
  order: 10,
  find: async ({ actor, q, language }) => {
    if (!may(actor, listPeopleNeeds)) return []
    const { people } = await listPeople(actor, { page: 1, q })
    return (await lineUp(people, language)).map(({ id, name, post, unit }) => ({
      title: name,
      href: `/people/${id}`,
      detail: post?.title ?? unit?.name,
    }))
  },
}

/** Units of the actor's institutions, by name. */
export const searchUnits: SearchSource = {
  id: 'organisation:units',
  label: 'organisation:units.title',
  icon: 'diagram-3',
  order: 30,
  find: async ({ actor, q, language, t }) => {
    const units = await unitsKnownTo(actor)
    return units
      .filter((unit) => matchesWords(q, nameIn(unit, language)))
      .map((unit) => ({
        title: nameIn(unit, language),
        href: `/units/${unit._id}`,
        detail: t(`organisation:kinds.${unit.kind}`),
      }))
  },
}

/** Posts that the actor manages, by any of their titles. */
export const searchPosts: SearchSource = {
  id: 'organisation:posts',
  label: 'organisation:posts.title',
  icon: 'briefcase',
  order: 35,
  find: async ({ actor, q, language }) => {
    const found = await postsWhere(
      { $and: [postsOver(actor), ...(wordFilter(q).$and ?? [])] },
      { limit: mostFound },
    )
    const units = await unitsNamed(
      found.map(({ unit }) => unit),
      language,
    )
    return found.map((post) => ({
      title: titleIn(post, language),
      href: `/posts/${post._id}`,
      detail: units.get(post.unit),
    }))
  },
}
