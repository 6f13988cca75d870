import {
  byToken,
  can,
  downloads,
  findPerson,
  formatFor,
  goesTo,
  NotFound,
  publicUrl,
  routes,
  shows,
  signedIn,
  subject,
  takes,
  type Actor,
  type Id,
} from '#core'
import { z } from 'zod'
import { findCertificate, mayRead, publish, readRecords } from './certificates.js'
import { pdfOf } from './pdf.js'
import { recordOf } from './record.js'
import { certificatePaper, recordPaper } from './papers.js'
import { someRecorded } from './subjects.js'

const cell = z.union([
  z.string(),
  z.object({ text: z.string(), href: z.string(), lang: z.string().optional() }),
])

const recordShown = z.object({
  person: z.object({
    id: z.string(),
    name: z.string(),
    staffNumber: z.string().nullable(),
    post: z.string().nullable(),
  }),
  at: z.iso.datetime(),
  tables: z.array(
    z.object({
      heading: z.string(),
      columns: z.array(z.string()),
      rows: z.array(z.array(cell)),
    }),
  ),
})

const certificateShown = z.object({
  number: z.string(),
  name: z.string(),
  institution: z.string(),
  title: z.string(),
  at: z.iso.datetime(),
  seconds: z.number(),
  isOwn: z.boolean(),
  isPublic: z.boolean(),
  /** Since when the completion it certifies counts no more. */
  withdrawnAt: z.iso.datetime().nullable(),
  address: z.string(),
})

const onRecorded = subject({
  name: 'person',
  load: async (actor: Actor, id: Id) => {
    if (!(await mayRead(actor, id))) throw new NotFound()
    return { id, ...(await findPerson(id)) }
  },
  owned: ({ id, units, manager }) => ({ person: id, units, manager: manager ?? null }),
  sample: someRecorded,
})

const byNumber = byToken('the number of the certificate, which nobody can guess')

export const recordRoutes = routes('/people/:person/record', (route) => {
  route.get(
    '/',
    can(readRecords, onRecorded),
    shows('records:record', recordShown),
    ({ person, t, language }) => recordOf(person.id, { t, language }),
  )

  route.get(
    '/file',
    can(readRecords, onRecorded),
    downloads('application/pdf'),
    async ({ person, t, language }) => {
      const record = await recordOf(person.id, { t, language })
      return { name: 'training-record.pdf', body: pdfOf(recordPaper(record, { t, language })) }
    },
  )
})

export const certificateRoutes = routes('/certificates', (route) => {
  route.get(
    '/:number',
    byNumber,
    shows('records:certificate', certificateShown),
    async ({ viewer, params, language }) => {
      const seen = await findCertificate(viewer, params.number ?? '', language)
      const { certificate, name, institution, isOwn, withdrawnAt } = seen
      const { _id: number, title, at, seconds, isPublic } = certificate
      const address = `${publicUrl()}/certificates/${number}`
      return {
        number,
        name,
        institution,
        title,
        at: at.toISOString(),
        seconds,
        isOwn,
        isPublic,
        withdrawnAt: withdrawnAt?.toISOString() ?? null,
        address,
      }
    },
  )

  route.post(
    '/:number/audience',
    signedIn(),
    takes(z.strictObject({ public: z.enum(['yes', 'no']) }), { page: '/certificates/:number' }),
    goesTo('/certificates/:number', { said: 'records:certificate.said' }),
    ({ actor, params, form }) => publish(actor, params.number ?? '', form.public === 'yes'),
  )
})

export const certificateFileRoutes = routes('/certificates/:number/file', (route) => {
  route.get(
    '/',
    byNumber,
    downloads('application/pdf'),
    async ({ viewer, params, t, language }) => {
      const seen = await findCertificate(viewer, params.number ?? '', language)
      const address = `${publicUrl()}/certificates/${seen.certificate._id}`
      const { date, duration } = formatFor(language)
      const paper = certificatePaper(seen, { t, language, date, duration, address })
      return { name: `certificate-${seen.certificate._id}.pdf`, body: pdfOf(paper) }
    },
  )
})
