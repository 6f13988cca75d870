import { toPage } from '../../http/lists.js'
import { already, can, creates, goesTo, routes, shows, signedIn, takes } from '../../http/routes.js'
import { ownPerson } from '../people/own-account.js'
import {
  addPerson,
  editPerson,
  inviteAgain,
  listPeople,
  listPeopleNeeds,
  visiblePerson,
} from './directory.js'
import { directoryQuery, newPersonForm, nothing, personEditForm } from './forms.js'
import { peopleFile } from './list-files.js'
import { lineUp, mePage, personPage } from './presenting.js'
import { meShown, newPersonShown, peopleShown, personEditShown, personShown } from './shown.js'
import { onPerson } from './subjects.js'
import { unitChoices } from './units.js'

const manage = 'organisation:manage-people'

export const meRoutes = routes('/me', (route) => {
  route.get('/', signedIn(), shows('organisation:me', meShown), async ({ actor, language }) =>
    mePage(actor, await ownPerson(actor), language),
  )
})

export const peopleRoutes = routes('/people', (route) => {
  route.get(
    '/',
    can(listPeopleNeeds),
    shows('organisation:people', peopleShown, { query: directoryQuery, file: peopleFile }),
    async ({ actor, query, language }) => {
      const { people, total } = await listPeople(actor, query)
      const lines = await lineUp(people, language)
      const units = await unitChoices(actor, { permission: listPeopleNeeds, language })
      return { ...toPage(lines, total, { path: '/people', query }), units }
    },
  )

  route.get(
    '/new',
    can(manage),
    shows('organisation:person-new', newPersonShown),
    async ({ actor, language }) => ({
      units: await unitChoices(actor, { permission: manage, language }),
    }),
  )

  route.post(
    '/',
    can(manage),
    takes(newPersonForm, { page: '/people/new' }),
    creates('/people/:id', personShown, { said: 'organisation:people.created' }),
    async ({ actor, form, language }) => {
      const person = await addPerson(actor, form)
      const shown = await personPage(actor, person, language)
      return person.isNew ? shown : already(shown)
    },
  )
})

export const personRoutes = routes('/people/:person', (route) => {
  route.get(
    '/',
    can('organisation:read-people', onPerson),
    shows('organisation:person', personShown, { panels: 'people:profile' }),
    ({ actor, person, language }) => personPage(actor, person, language),
  )

  route.get(
    '/edit',
    can(manage, onPerson),
    shows('organisation:person-edit', personEditShown),
    async ({ actor, person, language }) => ({
      ...(await personPage(actor, person, language)),
      units: await unitChoices(actor, { permission: manage, language }),
    }),
  )

  route.patch(
    '/',
    can(manage, onPerson),
    takes(personEditForm, { page: '/people/:person/edit' }),
    goesTo('/people/:person', { schema: personShown, said: 'organisation:people.changed' }),
    async ({ actor, person, form, language }) => {
      await editPerson(actor, person, form)
      return personPage(actor, await visiblePerson(actor, person._id), language)
    },
  )

  route.post(
    '/invite',
    can(manage, onPerson),
    takes(nothing),
    goesTo('/people/:person', { said: 'organisation:people.invited' }),
    ({ actor, person }) => inviteAgain(actor, person),
  )
})
