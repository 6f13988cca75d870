import { can, routes, shows } from '../../http/routes.js'
import { formatFor } from '../../http/format.js'
import { onPerson } from '../organisation/subjects.js'
import { titleIn } from '../organisation/posts.js'
import { may } from '../people/access.js'
import { competencyChoices } from './frameworks.js'
import { readLevels } from './gaps.js'
import { standingShown } from './shown.js'
import { standingOf } from './standing.js'

export const standingRoutes = routes('/people', (route) => {
  route.get(
    '/:person/competencies',
    can(readLevels, onPerson),
    shows('competencies:person', standingShown),
    async ({ actor, person, language, t }) => {
      const reader = { language, t, format: formatFor(language, actor.timeZone) }
      const own = actor.person === person._id
      const { _id: id, units, manager } = person
      const mayAppraise =
        !own && may(actor, 'competencies:appraise', { units, person: id, manager })
      const [{ post, lines }, choices] = await Promise.all([
        standingOf(id, reader),
        own || mayAppraise ? competencyChoices(language) : [],
      ])
      return {
        person: { id, name: person.name },
        post: post
          ? { id: post.post, title: titleIn(post, language), altitude: post.altitude }
          : null,
        own,
        mayAppraise,
        competencies: lines,
        choices,
      }
    },
  )
})
