import { definePlugin } from '#core'
import { joinAcknowledgements } from './joining.js'
import { slugs } from './models.js'
import { noticePanel } from './panel.js'
import { acknowledgeRoutes, editRoutes, pageRoutes } from './routes.js'
import { searchPages } from './searching.js'

/** Help, accessibility and privacy: pages that every foot leads to, and that an institution writes in its own words. */
export default definePlugin({
  id: 'site-pages',
  requires: ['people'],
  routes: [...pageRoutes, acknowledgeRoutes, editRoutes],
  contributes: {
    permissions: [{ id: 'site-pages:manage', roles: ['administrator'] }],
    nav: [
      {
        label: 'site-pages:list.title',
        href: '/admin/pages',
        icon: 'file-earmark-text',
        needs: 'site-pages:manage',
        order: 270,
        group: 'admin',
      },
    ],
    foot: slugs.map((slug, order) => ({
      label: `site-pages:titles.${slug}`,
      href: `/${slug}`,
      order,
    })),
    panels: [noticePanel],
    search: [searchPages],
    personalData: [
      { model: 'site-pages.PageVersion', path: 'by', onErasure: 'anonymise', onMerge: 'keep' },
      {
        model: 'site-pages.Acknowledgement',
        path: '_id',
        onErasure: 'delete',
        onMerge: joinAcknowledgements,
      },
    ],
  },
})
