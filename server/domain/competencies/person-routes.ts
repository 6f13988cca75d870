import { formatFor } from '../../http/format.js'
import { already, can, creates, routes, shows, takes } from '../../http/routes.js'
import type { Actor } from '../../kernel/contract.js'
import { titleIn } from '../organisation/posts.js'
import { onPerson } from '../organisation/subjects.js'
import { may } from '../people/access.js'
import type { Person } from '../people/people.js'
import { appraisalForm, selfRatingForm } from './forms.js'
import { competencyChoices } from './frameworks.js'
import { readLevels } from './gaps.js'
import { appraise, rateOneself } from './judging.js'
import type { Evidence } from './models.js'
import { judgedShown, standingShown } from './shown.js'
import { standingOf, type StandingLine } from './standing.js'

const page = '/people/:person/competencies'

export const standingRoutes = routes('/people', (route) => {
  route.get(
    '/:person/competencies',
    can(readLevels, onPerson),
    shows('competencies:person', standingShown),
    async ({ actor, person, language, t }) => {
      const reader = { language, t, format: formatFor(language, actor.timeZone) }
      const own = actor.person === person._id
      const mayAppraise = appraises(actor, person)
      const [{ post, lines }, choices] = await Promise.all([
        standingOf(person._id, reader),
        own || mayAppraise ? competencyChoices(language) : [],
      ])
      return {
        person: { id: person._id, name: person.name },
        post: post
          ? { id: post.post, title: titleIn(post, language), altitude: post.altitude }
          : null,
        own,
        mayAppraise,
        competencies: lines,
        choices: ownFirst(choices, lines),
      }
    },
  )

  route.post(
    '/:person/competencies/self-ratings',
    can('competencies:rate-oneself', onPerson),
    takes(selfRatingForm, { page }),
    creates(page, judgedShown, { said: 'competencies:judging.rated' }),
    async ({ actor, person, form }) => answer(await rateOneself(actor, person._id, form)),
  )

  route.post(
    '/:person/competencies/appraisals',
    can('competencies:appraise', onPerson),
    takes(appraisalForm, { page }),
    creates(page, judgedShown, { said: 'competencies:judging.appraised' }),
    async ({ actor, person, form }) => answer(await appraise(actor, person._id, form)),
  )
})

type Choices = Awaited<ReturnType<typeof competencyChoices>>

/** What the person's post and levels name comes first. */
function ownFirst(choices: Choices, lines: readonly StandingLine[]): Choices {
  const own = new Set(lines.map(({ competency }) => competency))
  return choices.toSorted((a, b) => Number(own.has(b.value)) - Number(own.has(a.value)))
}

/** Nobody appraises themself, whatever their roles. */
const appraises = (actor: Actor, { _id, units, manager }: Person): boolean =>
  actor.person !== _id &&
  may(actor, 'competencies:appraise', { units, person: _id, manager: manager ?? null })

function answer({ _id: id, competency, level, isNew }: Evidence & { readonly isNew: boolean }) {
  const shown = { id, competency, level }
  return isNew ? shown : already(shown)
}
