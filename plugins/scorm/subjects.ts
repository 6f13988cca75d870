import { attemptFor, NotFound, subject, type Actor, type Id } from '#core'
import { findLate, lateSamples } from './late.js'
import { RuntimeModel, type KeptState } from './models.js'

type Attempt = Awaited<ReturnType<typeof attemptFor>>

/** `:attempt`, for the person whose it is. */
export const onAttempt = subject({
  name: 'attempt',
  load: async ({ person }: Actor, id: Id): Promise<Attempt> => {
    const attempt = await attemptFor(id)
    if (attempt.person !== person) throw new NotFound()
    return attempt
  },
  owned: ({ person }: Attempt) => ({ person }),
  sample: async () => {
    const some = await RuntimeModel.find({}, { person: 1 }).limit(4).lean()
    return some.map(({ _id, person }) => ({ id: _id, person }))
  },
})

/** `:late`, work that came for a launch another had replaced, for the person whose it is. */
export const onLate = subject({
  name: 'late',
  load: ({ person }: Actor, id: Id) => findLate(id, person),
  owned: ({ person }: KeptState) => ({ person }),
  sample: lateSamples,
})
