import { z } from 'zod'
import { can, downloads, goesTo, routes, shows, signedIn, takes } from '../../http/routes.js'
import { now } from '../../platform/clock.js'
import { onPerson } from '../organisation/subjects.js'
import { ownPerson } from '../people/own-account.js'
import { ownData } from './archive.js'
import { erase, erasePerson, fatesOf } from './erasing.js'

const fate = z.enum(['delete', 'anonymise', 'keep'])

const ownDataShown = z.object({
  kinds: z.array(z.object({ label: z.string(), count: z.number().int(), fate })),
})

const erasureShown = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  fates: z.array(
    z.object({ label: z.string(), count: z.number().int(), fate, reason: z.string().nullable() }),
  ),
})

const erasureForm = z.strictObject({ name: z.string().trim().min(1).max(200) })

/** What is kept about whoever asks, and a copy of it. */
export const ownDataRoutes = routes('/me/data', (route) => {
  route.get(
    '/',
    signedIn(),
    shows('privacy:data', ownDataShown, { duringSupport: false }),
    async ({ actor }) => {
      const fates = await fatesOf((await ownPerson(actor))._id)
      return { kinds: fates.map(({ label, count, fate: what }) => ({ label, count, fate: what })) }
    },
  )

  route.get('/export', signedIn(), downloads('application/zip'), async ({ actor }) => {
    const { _id } = await ownPerson(actor)
    return { name: `palier-${now().toISOString().slice(0, 10)}.zip`, body: ownData(_id) }
  })
})

/** What erasing somebody who has left would do, and doing it. */
export const erasureRoutes = routes('/people/:person/erasure', (route) => {
  route.get(
    '/',
    can(erase, onPerson),
    shows('privacy:erasure', erasureShown),
    async ({ person: { _id, name, status } }) => ({
      id: _id,
      name,
      status,
      fates: await fatesOf(_id),
    }),
  )

  route.post(
    '/',
    can(erase, onPerson),
    takes(erasureForm, { page: '/people/:person/erasure' }),
    goesTo('/people', { said: 'privacy:erasure.done' }),
    ({ actor, person, form }) => erasePerson(actor, person, form.name),
  )
})
