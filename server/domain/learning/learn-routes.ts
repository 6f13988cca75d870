import type { Response } from 'express'
import { NotFound } from '../../errors.js'
import { mediaTypeOf } from '../../http/media-types.js'
import { downloads, goesTo, routes, shows, signedIn, takes } from '../../http/routes.js'
import { storage } from '../../platform/storage.js'
import { learnQuery, stepForm } from './learner-forms.js'
import { isPlayable, learnPage, learnView } from './learn-page.js'
import { learnShown } from './learner-shown.js'
import type { Activity } from './models.js'
import { openActivity } from './playing.js'
import { reportStep } from './stepping.js'
import { onActivity } from './subjects.js'

export const learnRoutes = routes('/learn', (route) => {
  route.get(
    '/:activity',
    signedIn(onActivity),
    shows(learnView, learnShown, {
      query: learnQuery,
      panels: 'learning:activity',
      duringSupport: false,
    }),
    async ({ actor, activity, query }) => {
      const preview = query.preview === '1'
      return learnPage(actor, await openActivity(actor, activity, { preview }))
    },
  )

  route.get(
    '/:activity/file',
    signedIn(onActivity),
    downloads('application/octet-stream', learnQuery),
    async ({ actor, activity, query, req, res }) => {
      await openActivity(actor, activity, { preview: query.preview === '1' })
      const file = activity.activity.file
      if (!file) throw new NotFound()
      if (isPlayable(file.name)) return sendPart(res, file, req.get('range'))
      const { stream } = await storage.open(file.hash)
      return { name: file.name, type: mediaTypeOf(file.name), body: stream() }
    },
  )

  route.post(
    '/:activity/progress',
    signedIn(onActivity),
    takes(stepForm, { page: '/learn/:activity' }),
    goesTo('/learn/:activity'),
    ({ actor, activity, form }) => reportStep(actor, activity, form),
  )
})

/** A video is sent in the parts its player asks for (RFC 9110 §14). */
async function sendPart(
  res: Response,
  { hash, name }: NonNullable<Activity['file']>,
  range: string | undefined,
) {
  const file = await storage.open(hash, range)
  const { start, end } = file.range ?? {}
  if (start !== undefined) res.set('Content-Range', `bytes ${start}-${end}/${file.size}`)
  res.status(start === undefined ? 200 : 206)
  res.set({ 'Accept-Ranges': 'bytes', 'Content-Length': String(file.length) })
  return { name, type: mediaTypeOf(name), inline: true, body: file.stream() }
}
