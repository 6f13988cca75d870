import { matchesWords, type SearchSource } from '#core'
import { slugs } from './models.js'
import { currentPage, textIn } from './pages.js'

/** The pages at the foot, by any of their words. */
export const searchPages: SearchSource = {
  id: 'site-pages:pages',
  label: 'site-pages:titles.help',
  icon: 'question-circle',
  order: 50,
  find: async ({ q, language, t }) => {
    const pages = await Promise.all(slugs.map(currentPage))
    return pages
      .filter(({ texts }) => matchesWords(q, textIn(texts, language)))
      .map(({ slug }) => ({ title: t(`site-pages:titles.${slug}`), href: `/${slug}` }))
  },
}
