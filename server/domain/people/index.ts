import { definePlugin } from '../../kernel/contract.js'
import { sendLink, tellOfTriesJob, tellOwner } from './account-mail.js'
import { preferenceRoutes, sessionRoutes, tokenRoutes } from './account-routes.js'
import './contract.js'
import { anonymisePerson } from './erasing.js'
import {
  appRoutes,
  factorRuleRoutes,
  recoveryRoutes,
  securityRoutes,
} from './factors/security-routes.js'
import { passkeyRoutes } from './factors/passkey-routes.js'
import { passkeyStepRoutes, secondStepRoutes, setUpRoutes } from './factors/sign-in-routes.js'
import { deactivateLeavers, tidyAccounts } from './jobs.js'
import { letterRoutes } from './letter-routes.js'
import { passwordRuleRoutes } from './passwords/rule-routes.js'
import { setPasswordRules } from './passwords/rules.js'
import { invitationRoutes, resetRoutes, signInRoutes } from './routes.js'

/** Accounts, sign-in, sessions, tokens, roles granted, preferences, the audit log. It lists nobody. */
export default definePlugin({
  id: 'people',
  routes: [
    signInRoutes,
    secondStepRoutes,
    passkeyStepRoutes,
    setUpRoutes,
    resetRoutes,
    invitationRoutes,
    letterRoutes,
    preferenceRoutes,
    sessionRoutes,
    tokenRoutes,
    securityRoutes,
    appRoutes,
    passkeyRoutes,
    recoveryRoutes,
    factorRuleRoutes,
    passwordRuleRoutes,
  ],
  contributes: {
    permissions: [
      { id: 'people:read-audit', roles: ['administrator'] },
      { id: 'people:require-factors', roles: ['administrator'] },
      { id: 'people:reset-factors', roles: ['administrator'] },
      { id: setPasswordRules, roles: ['administrator'] },
    ],
    nav: [
      {
        label: 'people:factor-rule.title',
        href: '/admin/sign-in',
        icon: 'fingerprint',
        needs: 'people:require-factors',
        order: 210,
        group: 'admin',
      },
      {
        label: 'people:password-rules.title',
        href: '/admin/passwords',
        icon: 'key',
        needs: setPasswordRules,
        order: 211,
        group: 'admin',
      },
    ],
    jobs: [sendLink, tellOwner, tellOfTriesJob, tidyAccounts, deactivateLeavers],
    retention: [
      { id: 'people:sessions', label: 'people:retention.sessions', lasting: true },
      { id: 'people:links', label: 'people:retention.links', lasting: true },
      { id: 'people:audit', label: 'people:retention.audit', lasting: true },
    ],
    personalData: [
      {
        model: 'people.Person',
        path: '_id',
        onErasure: 'anonymise',
        onMerge: 'keep',
        secret: ['passwordHash', 'firstPassword', 'words', 'likeness'],
        anonymise: anonymisePerson,
      },
      {
        model: 'people.Person',
        path: 'mergedInto',
        onErasure: 'anonymise',
        onMerge: 'move',
      },
      {
        model: 'people.Person',
        path: 'manager',
        onErasure: 'anonymise',
        onMerge: 'move',
        others: true,
      },
      {
        model: 'people.RoleGrant',
        path: 'person',
        onErasure: 'keep',
        onMerge: 'keep',
        reason: 'accountability',
      },
      {
        model: 'people.Session',
        path: 'session.held.person',
        onErasure: 'delete',
        onMerge: 'drop',
        secret: ['_id'],
      },
      {
        model: 'people.Session',
        path: 'session.waiting.person',
        onErasure: 'delete',
        onMerge: 'drop',
        secret: ['_id'],
      },
      {
        model: 'people.Factors',
        path: '_id',
        onErasure: 'delete',
        onMerge: 'drop',
        secret: ['app', 'pending', 'passkeys', 'challenge', 'recoveryCodes'],
      },
      {
        model: 'people.Token',
        path: 'held.person',
        onErasure: 'delete',
        onMerge: 'drop',
        secret: ['hash'],
      },
      {
        model: 'people.Letters',
        path: 'by',
        onErasure: 'delete',
        onMerge: 'keep',
        secret: ['sealed'],
      },
      {
        model: 'people.Letters',
        path: 'people',
        onErasure: 'delete',
        onMerge: 'keep',
        secret: ['sealed'],
      },
      {
        model: 'people.Link',
        path: 'person',
        onErasure: 'delete',
        onMerge: 'drop',
        secret: ['_id'],
      },
      {
        model: 'people.AuditEntry',
        path: 'actor.person',
        onErasure: 'keep',
        onMerge: 'keep',
        reason: 'accountability',
      },
    ],
  },
})
