import { z } from 'zod'
import type { ListFile } from '../../../http/list-files.js'
import { pageOf, toPage } from '../../../http/lists.js'
import { goesTo, routes, shows, signedIn, takes } from '../../../http/routes.js'
import { unitsNamed } from '../../organisation/units.js'
import { courseNamed, coursesNamed } from '../courses.js'
import { nothing } from '../forms.js'
import { consentsQuery } from './forms.js'
import { ownConsents, withdraw, type Consent } from './own.js'

const page = '/me/consents'

const consentLine = z.object({
  id: z.string(),
  course: z.object({ id: z.string(), title: z.string(), language: z.string() }),
  institutions: z.array(z.string()),
  /** Which text was agreed to. */
  version: z.number().int(),
  at: z.iso.datetime(),
  withdrawnAt: z.iso.datetime().nullable(),
})

const consentsFile: ListFile<z.output<typeof consentLine>> = {
  name: 'learning:consents.title',
  columns: [
    { label: 'learning:consents.at', kind: 'moment', value: ({ at }) => at },
    { label: 'learning:consents.course', value: ({ course }) => course.title },
    {
      label: 'learning:consents.institutions',
      value: ({ institutions }) => institutions.join(', '),
    },
    { label: 'learning:consents.version', kind: 'number', value: ({ version }) => version },
    {
      label: 'learning:consents.withdrawn',
      kind: 'moment',
      value: ({ withdrawnAt }) => withdrawnAt ?? undefined,
    },
  ],
}

/** What whoever asks agreed that other institutions see, and taking it back. */
export const consentRoutes = routes(page, (route) => {
  route.get(
    '/',
    signedIn(),
    shows('learning:consents', pageOf(consentLine), { query: consentsQuery, file: consentsFile }),
    async ({ actor, query, language }) => {
      const { consents, total } = await ownConsents(actor, query)
      return toPage(await linesOf(consents, language), total, { path: page, query })
    },
  )

  route.post(
    '/:consent/withdraw',
    signedIn(),
    takes(nothing, { page }),
    goesTo(page, { said: 'learning:consents.done' }),
    ({ actor, params }) => withdraw(actor, params.consent ?? ''),
  )
})

async function linesOf(
  consents: readonly Consent[],
  language: string,
): Promise<z.input<typeof consentLine>[]> {
  const [courses, units] = await Promise.all([
    coursesNamed(consents.map(({ course }) => course)),
    unitsNamed(
      consents.flatMap(({ institutions }) => institutions),
      language,
    ),
  ])
  return consents.map(({ _id, course, institutions, version, at, withdrawnAt }) => ({
    id: _id,
    course: courseNamed(courses, course),
    institutions: institutions.map((one) => units.get(one) ?? ''),
    version,
    at: at.toISOString(),
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
  }))
}
