import { z } from 'zod'
import { routes, shows, signedIn } from '../../http/routes.js'
import { translator } from '../../platform/i18n.js'
import { publicUrl } from '../../http/content-origin.js'
import { accountOf } from './describing.js'
import { openLetters, type Letter } from './letters.js'

const letter = z.object({
  language: z.string(),
  greeting: z.string(),
  lines: z.array(z.string()),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
})

/** Letters to print, each in its reader's language. Only whoever made them sees them. */
export const letterRoutes = routes('/letters', (route) => {
  route.get(
    '/:letters',
    signedIn(),
    shows('people:letters', z.object({ letters: z.array(letter) }), { duringSupport: false }),
    async ({ actor, params }) => ({
      letters: (await openLetters(actor, params.letters ?? '')).map(letterShown),
    }),
  )
})

function letterShown({ person, password }: Letter): z.input<typeof letter> {
  const t = translator(person.language)
  return {
    language: person.language,
    greeting: t('people:letter.greeting', { name: person.name }),
    lines: [t('people:letter.lead'), t('people:letter.change'), t('people:letter.help')],
    facts: [
      { label: t('people:letter.address'), value: publicUrl() },
      { label: t('people:letter.account'), value: accountOf(person) },
      { label: t('people:letter.password'), value: password },
    ],
  }
}
