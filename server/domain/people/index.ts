import { definePlugin } from '../../kernel/contract.js'
import { sendLink } from './account-mail.js'
import { preferenceRoutes, sessionRoutes, tokenRoutes } from './account-routes.js'
import './contract.js'
import { anonymisePerson } from './erasing.js'
import { deactivateLeavers, tidyAccounts } from './jobs.js'
import { letterRoutes } from './letter-routes.js'
import { invitationRoutes, resetRoutes, signInRoutes } from './routes.js'

/** Accounts, sign-in, sessions, tokens, roles granted, preferences, the audit log. It lists nobody. */
export default definePlugin({
  id: 'people',
  routes: [
    signInRoutes,
    resetRoutes,
    invitationRoutes,
    letterRoutes,
    preferenceRoutes,
    sessionRoutes,
    tokenRoutes,
  ],
  contributes: {
    permissions: [{ id: 'people:read-audit', roles: ['administrator'] }],
    jobs: [sendLink, tidyAccounts, deactivateLeavers],
    personalData: [
      {
        model: 'people.Person',
        path: '_id',
        onErasure: 'anonymise',
        secret: ['passwordHash', 'firstPassword', 'words'],
        anonymise: anonymisePerson,
      },
      { model: 'people.Person', path: 'manager', onErasure: 'anonymise', others: true },
      { model: 'people.RoleGrant', path: 'person', onErasure: 'keep', reason: 'accountability' },
      {
        model: 'people.Session',
        path: 'session.held.person',
        onErasure: 'delete',
        secret: ['_id'],
      },
      { model: 'people.Token', path: 'held.person', onErasure: 'delete', secret: ['hash'] },
      { model: 'people.Letters', path: 'by', onErasure: 'delete', secret: ['sealed'] },
      { model: 'people.Letters', path: 'people', onErasure: 'delete', secret: ['sealed'] },
      { model: 'people.Link', path: 'person', onErasure: 'delete', secret: ['_id'] },
      {
        model: 'people.AuditEntry',
        path: 'actor.person',
        onErasure: 'keep',
        reason: 'accountability',
      },
    ],
  },
})
