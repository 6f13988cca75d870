import { can, goesTo, routes, shows, takes } from '../../http/routes.js'
import {
  behaviourForm,
  competencyForm,
  competencyQuery,
  descriptionsOf,
  profileForm,
  profileQuery,
  removeBehaviourForm,
  removeCompetencyForm,
  removeProfileForm,
  settingsForm,
  titlesOf,
} from './forms.js'
import { changeDraft } from './drafting.js'
import { competencyEditPage, draftPage, profileEditPage } from './framework-pages.js'
import { competencyEditShown, draftShown, profileEditShown } from './framework-shown.js'
import { manageFrameworks as manage } from './frameworks.js'
import { putBehaviour, putCompetency, putProfile, settingsFrom, take } from './editing.js'
import { onFramework } from './subjects.js'

const edit = '/competencies/:framework/edit'
const editCompetency = '/competencies/:framework/edit-competency'
const editProfile = '/competencies/:framework/edit-profile'
const saved = { said: 'competencies:drafts.saved' } as const

export const draftRoutes = routes('/competencies/:framework', (route) => {
  route.get(
    '/edit',
    can(manage, onFramework),
    shows('competencies:edit', draftShown),
    ({ framework, t }) => draftPage(framework, t),
  )

  route.get(
    '/edit-competency',
    can(manage, onFramework),
    shows('competencies:edit-competency', competencyEditShown, { query: competencyQuery }),
    ({ framework, query, language }) => competencyEditPage(framework, query, language),
  )

  route.get(
    '/edit-profile',
    can(manage, onFramework),
    shows('competencies:edit-profile', profileEditShown, { query: profileQuery }),
    ({ framework, query, language }) => profileEditPage(framework, query.profile, language),
  )

  route.patch(
    '/',
    can(manage, onFramework),
    takes(settingsForm, { page: edit }),
    goesTo(edit, saved),
    ({ framework, form }) => changeDraft(framework, settingsFrom(framework, form)),
  )
})

/** The parts of a draft: each is put in its place by its id. */
export const putRoutes = routes('/competencies/:framework', (route) => {
  route.put(
    '/competencies',
    can(manage, onFramework),
    takes(competencyForm, { page: editCompetency }),
    goesTo(`${editCompetency}?competency=:competency`, saved),
    ({ framework, form }) =>
      putCompetency(framework, form.slug, {
        title: titlesOf(form),
        definition: descriptionsOf(form),
      }),
  )

  route.put(
    '/behaviours',
    can(manage, onFramework),
    takes(behaviourForm, { page: editCompetency }),
    goesTo(`${editCompetency}?competency=:competency`, saved),
    ({ framework, form }) => putBehaviour(framework, form),
  )

  route.put(
    '/profiles',
    can(manage, onFramework),
    takes(profileForm, { page: editProfile }),
    goesTo(edit, saved),
    ({ framework, form }) => putProfile(framework, { ...form, title: titlesOf(form) }),
  )
})

export const removeRoutes = routes('/competencies/:framework', (route) => {
  route.post(
    '/competencies/remove',
    can(manage, onFramework),
    takes(removeCompetencyForm, { page: edit }),
    goesTo(edit, saved),
    ({ framework, form }) => take.competency(framework, form.competency),
  )

  route.post(
    '/behaviours/remove',
    can(manage, onFramework),
    takes(removeBehaviourForm, { page: editCompetency }),
    goesTo(`${editCompetency}?competency=:competency`, saved),
    async ({ framework, form }) => {
      await take.behaviour(framework, form)
      return { competency: form.competency }
    },
  )

  route.post(
    '/profiles/remove',
    can(manage, onFramework),
    takes(removeProfileForm, { page: edit }),
    goesTo(edit, saved),
    ({ framework, form }) => take.profile(framework, form.profile),
  )
})
