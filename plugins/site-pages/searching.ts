import { wordsOf, type SearchSource } from '#core'
import { slugs } from './models.js'
import { currentPage } from './pages.js'

/** The pages at the foot, by any of their words. */
export const searchPages: SearchSource = {
  id: 'site-pages:pages',
  label: 'site-pages:titles.help',
  icon: 'question-circle',
  order: 50,
  find: async ({ q, language, t }) => {
    const wanted = wordsOf(q)
    const pages = await Promise.all(slugs.map(currentPage))
    return pages
      .filter(({ texts }) => {
        const words = wordsOf(texts[language as keyof typeof texts] ?? texts.en)
        return wanted.every((one) => words.some((word) => word.startsWith(one)))
      })
      .map(({ slug }) => ({ title: t(`site-pages:titles.${slug}`), href: `/${slug}` }))
  },
}
