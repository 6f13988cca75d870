import { z } from 'zod'
import { NotFound } from '../../../errors.js'
import { rememberClosed } from '../../../http/announcements.js'
import { wantsJson } from '../../../http/headers.js'
import type { ListFile } from '../../../http/list-files.js'
import { orderOf, pageOf, toPage, windowOf } from '../../../http/lists.js'
import {
  already,
  anyone,
  can,
  creates,
  goesTo,
  routes,
  shows,
  subject,
  takes,
} from '../../../http/routes.js'
import { localPath } from '../../../http/same-origin.js'
import { nothing } from '../forms.js'
import {
  announceToAll,
  changeAnnouncement,
  findAnnouncement,
  ownAnnouncements,
  removeAnnouncement,
  someAnnouncements,
  type StoredAnnouncement,
} from './announcements.js'
import {
  announcementForm,
  announcementOrders,
  announcementsQuery,
  closingForm,
  newAnnouncementForm,
} from './forms.js'
import { changeSettings } from './settings.js'

const list = '/admin/announcements'

const announcementShown = z.object({
  id: z.string(),
  tone: z.enum(['info', 'warning']),
  texts: z.record(z.string(), z.string()),
  from: z.iso.date(),
  until: z.iso.date(),
  atSignIn: z.boolean(),
})

const onAnnouncement = subject({
  name: 'announcement',
  load: findAnnouncement,
  owned: ({ institution }: StoredAnnouncement) => ({ units: [institution] }),
  sample: async () =>
    (await someAnnouncements()).map(({ _id, institution }) => ({ id: _id, units: [institution] })),
})

const announcementsFile: ListFile<z.output<typeof announcementShown>> = {
  name: 'organisation:announcements.title',
  columns: [
    { label: 'organisation:announcements.text', value: ({ texts }) => Object.values(texts)[0] },
    {
      label: 'organisation:announcements.tone',
      value: ({ tone }, { t }) => t(`organisation:announcements.${tone}`),
    },
    { label: 'organisation:announcements.from', value: ({ from }) => from },
    { label: 'organisation:announcements.until', value: ({ until }) => until },
  ],
}

/** What an institution tells everybody at the top of each page. */
export const announcementListRoutes = routes(list, (route) => {
  route.get(
    '/',
    can(changeSettings),
    shows('organisation:announcements', pageOf(announcementShown), {
      query: announcementsQuery,
      file: announcementsFile,
    }),
    async ({ actor, query }) => {
      const order = orderOf(announcementOrders, query.sort, '-until')
      const found = await ownAnnouncements(actor, { order, ...windowOf(query) })
      return toPage(found.announcements.map(view), found.total, { path: list, query })
    },
  )

  route.post(
    '/',
    can(changeSettings),
    takes(newAnnouncementForm),
    creates(list, announcementShown, { said: 'organisation:announcements.made' }),
    async ({ actor, form }) => {
      const { isNew, ...made } = await announceToAll(actor, form)
      return isNew ? view(made) : already(view(made))
    },
  )
})

/** One announcement: changed, or taken away. */
export const announcementRoutes = routes(list, (route) => {
  route.get(
    '/:announcement',
    can(changeSettings, onAnnouncement),
    shows('organisation:announcement', announcementShown),
    ({ announcement }) => view(announcement),
  )

  route.post(
    '/:announcement',
    can(changeSettings, onAnnouncement),
    takes(announcementForm),
    goesTo(list, { said: 'organisation:announcements.changed' }),
    ({ actor, announcement, form }) => changeAnnouncement(actor, announcement, form),
  )

  route.post(
    '/:announcement/remove',
    can(changeSettings, onAnnouncement),
    takes(nothing),
    goesTo(list, { said: 'organisation:announcements.removed' }),
    ({ actor, announcement }) => removeAnnouncement(actor, announcement),
  )
})

/** Whoever reads an announcement closes it, in that browser. */
export const closingRoutes = routes('/announcements', (route) => {
  route.post(
    '/:announcement/close',
    anyone,
    takes(closingForm),
    goesTo('/'),
    ({ params, form, req, res }) => {
      const id = z.uuid().safeParse(params.announcement)
      if (!id.success) throw new NotFound()
      rememberClosed(req, res, id.data)
      if (!wantsJson(req)) res.redirect(303, localPath(form.back))
    },
  )
})

const view = ({ _id, tone, texts, from, until, atSignIn }: StoredAnnouncement) => ({
  ...{ id: _id, tone, texts: { ...texts }, from, until, atSignIn },
})
