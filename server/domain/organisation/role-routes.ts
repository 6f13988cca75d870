import { z } from 'zod'
import { byToken, can, creates, goesTo, routes, shows, subject, takes } from '../../http/routes.js'
import { startSessionFor } from '../people/authentication.js'
import { passwordRuleShown } from '../people/passwords/rule-routes.js'
import { defaultRule } from '../people/passwords/rules.js'
import { readLink } from '../people/links.js'
import type { RoleGrant } from '../people/roles.js'
import { foundingForm, nothing, roleForm } from './forms.js'
import { foundInstitution } from './founding.js'
import { endGrant, findGrant, grant, grantedRoles, someGrants } from './granting.js'
import { matrixShown, permissionMatrix } from './role-matrix.js'
import { roleCreated, rolesShown } from './shown.js'
import { unitChoices } from './units.js'

const grantRoles = 'organisation:grant-roles'

const onGrant = subject({
  name: 'grant',
  load: findGrant,
  owned: ({ units }) => ({ units }),
  sample: someGrants,
})

export const roleRoutes = routes('/admin/roles', (route) => {
  route.get(
    '/',
    can(grantRoles),
    shows('organisation:roles', rolesShown),
    async ({ actor, language }) => {
      const [roles, units] = await Promise.all([
        grantedRoles(actor, language),
        unitChoices(actor, { permission: grantRoles, language }),
      ])
      const shown = roles.map((role) => ({
        ...createdShown(role),
        person: { id: role.person, name: role.personName },
        unit: { id: role.unit, name: role.unitName },
      }))
      return { roles: shown, units }
    },
  )

  route.get(
    '/permissions',
    can(grantRoles),
    shows('organisation:role-matrix', matrixShown),
    permissionMatrix,
  )

  route.post(
    '/',
    can(grantRoles),
    takes(roleForm),
    creates('/admin/roles', roleCreated, { said: 'organisation:roles.granted' }),
    async ({ actor, form }) => createdShown(await grant(actor, form)),
  )

  route.post(
    '/:grant/end',
    can(grantRoles, onGrant),
    takes(nothing),
    goesTo('/admin/roles', { said: 'organisation:roles.ended' }),
    ({ actor, grant: held }) => endGrant(actor, held),
  )
})

/** How a Palier without a demo begins: its first administrator founds the institution by a link printed once. */
export const foundingRoutes = routes('/welcome', (route) => {
  route.get(
    '/:token',
    byToken('a printed link that works once'),
    shows('organisation:welcome', z.object({ rule: passwordRuleShown })),
    async ({ params }) => {
      await readLink('first-administrator', params.token ?? '')
      return { rule: defaultRule }
    },
  )

  route.post(
    '/:token',
    byToken('a printed link that works once'),
    takes(foundingForm),
    goesTo('/', { said: 'organisation:welcome.done' }),
    async ({ params, form, req, res }) => {
      await startSessionFor(req, res, await foundInstitution(params.token ?? '', form))
    },
  )
})

const createdShown = ({ _id, role, person, unit, from, to }: RoleGrant) => ({
  id: _id,
  role,
  person,
  unit,
  from: from.toISOString(),
  to: to?.toISOString() ?? null,
})
