import {
  already,
  can,
  competencyChoices,
  creates,
  goesTo,
  openCourseChoices,
  routes,
  shows,
  signedIn,
  takes,
} from '#core'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { changeBadge, createBadge, icons, retireBadge } from './badges.js'
import {
  audienceForm,
  criterionOf,
  newBadgeForm,
  nothing,
  readingForm,
  readingOf,
} from './forms.js'
import { badgeLine, badgePage, badgesPage, holderPage } from './pages.js'
import { chooseAudience } from './showcase.js'
import {
  badgePageShown,
  badgeShown,
  badgesShown,
  editShown,
  holderShown,
  newBadgeShown,
} from './shown.js'
import { onBadge, onHolder } from './subjects.js'

const manage = 'badges:manage'
const nobodyYet = new Map<string, Date>()

/** A page of a course or a competency may say what the badge is for. */
const newQuery = z.object({
  course: z.string().max(100).optional(),
  competency: z.string().max(100).optional(),
})

export const badgeRoutes = routes('/badges', (route) => {
  route.get('/', signedIn(), shows('badges:badges', badgesShown), ({ actor, language }) =>
    badgesPage(actor, language),
  )

  route.get(
    '/new',
    can(manage),
    shows('badges:new', newBadgeShown, { query: newQuery }),
    async ({ actor, language, query: { course = '', competency = '' } }) => ({
      icons: [...icons],
      courses: await openCourseChoices(actor),
      competencies: await competencyChoices(language),
      kind: competency ? ('level' as const) : ('completion' as const),
      course,
      competency,
    }),
  )

  route.post(
    '/',
    can(manage),
    takes(newBadgeForm, { page: '/badges/new' }),
    creates('/badges/:id', badgeShown, { said: 'badges:edit.created' }),
    async ({ actor, form, language }) => {
      const { id = randomUUID() } = form
      const given = { id, ...readingOf(form), criterion: criterionOf(form) }
      const badge = await createBadge(actor, given)
      const shown = badgeLine(badge, nobodyYet, language)
      return badge.isNew ? shown : already(shown)
    },
  )

  route.get(
    '/:badge',
    signedIn(onBadge),
    shows('badges:badge', badgePageShown),
    ({ actor, badge, language }) => badgePage(actor, badge, language),
  )
})

export const editingRoutes = routes('/badges/:badge', (route) => {
  route.get(
    '/edit',
    can(manage, onBadge),
    shows('badges:edit', editShown),
    ({ badge, language }) => ({ icons: [...icons], badge: badgeLine(badge, nobodyYet, language) }),
  )

  route.patch(
    '/',
    can(manage, onBadge),
    takes(readingForm, { page: '/badges/:badge/edit' }),
    goesTo('/badges/:badge', { said: 'badges:edit.changed' }),
    ({ actor, badge, form }) => changeBadge(actor, badge, readingOf(form)),
  )

  route.post(
    '/retire',
    can(manage, onBadge),
    takes(nothing),
    goesTo('/badges/:badge', { said: 'badges:edit.retired' }),
    ({ actor, badge }) => retireBadge(actor, badge),
  )
})

export const holderRoutes = routes('/people', (route) => {
  route.get(
    '/:person/badges',
    signedIn(onHolder),
    shows('badges:holder', holderShown),
    ({ actor, person, language }) => holderPage(actor, person, language),
  )
})

export const audienceRoutes = routes('/me/badges', (route) => {
  route.post(
    '/',
    signedIn(),
    takes(audienceForm),
    goesTo('/people/:person/badges', { said: 'badges:audience.done' }),
    async ({ actor, form }) => ({ person: await chooseAudience(actor, form.audience) }),
  )
})
