import type { SearchSource } from '../../http/search-routes.js'
import { listCourses } from './catalogue.js'

/** Courses open to the actor, by title, keyword or summary. */
export const searchCourses: SearchSource = {
  id: 'learning:courses',
  label: 'learning:catalogue.title',
  icon: 'book',
  order: 20,
  find: async ({ actor, q, t }) => {
    const { courses } = await listCourses(actor, { page: 1, q })
    return courses.map(({ _id, title, language }) => ({
      title,
      href: `/courses/${encodeURIComponent(_id)}`,
      detail: t(`core:languages.${language}`),
    }))
  },
}
