import { definePlugin } from '../../kernel/contract.js'
import '../notifications/contract.js'
import '../people/contract.js'
import { deputyGiven } from './absences.js'
import { auditRoutes } from './audit-routes.js'
import { calendarRoutes } from './calendar-routes.js'
import './contract.js'
import { joinHolders, joinPlacements } from './joining.js'
import { postListRoutes, postRoutes } from './post-routes.js'
import { managePosts } from './posts.js'
import { followDates, placeEverybody } from './placing.js'
import { foundingRoutes, roleRoutes } from './role-routes.js'
import { meRoutes, peopleRoutes, personRoutes } from './routes.js'
import { grantsOf } from './scope.js'
import { searchPeople, searchPosts, searchUnits } from './searching.js'
import { demoInstitution } from './seed.js'
import { institutionNames } from './institution-names.js'
import {
  announcementListRoutes,
  announcementRoutes,
  closingRoutes,
} from './settings/announcement-routes.js'
import { checkRoutes, probeRoutes } from './settings/check-routes.js'
import { brandRoutes, settingsRoutes } from './settings/settings-routes.js'
import { changeSettings } from './settings/settings.js'
import { supportRoutes } from './support-routes.js'
import { unitListRoutes, unitRoutes } from './unit-routes.js'

/** Institutions, units, posts with history, lines of report, scope, and the directory of people. */
export default definePlugin({
  id: 'organisation',
  requires: ['people', 'notifications'],
  routes: [
    meRoutes,
    peopleRoutes,
    personRoutes,
    supportRoutes,
    unitListRoutes,
    unitRoutes,
    calendarRoutes,
    postListRoutes,
    postRoutes,
    roleRoutes,
    foundingRoutes,
    auditRoutes,
    settingsRoutes,
    brandRoutes,
    announcementListRoutes,
    announcementRoutes,
    closingRoutes,
    checkRoutes,
    probeRoutes,
  ],
  contributes: {
    permissions: [
      {
        id: 'organisation:read-people',
        roles: ['coordinator', 'administrator', 'evaluator', 'coach', 'manager', 'self'],
      },
      { id: 'organisation:list-people', roles: ['coordinator', 'administrator', 'manager'] },
      { id: 'organisation:manage-people', roles: ['coordinator', 'administrator'] },
      { id: 'organisation:manage-units', roles: ['administrator'] },
      { id: managePosts, roles: ['coordinator', 'administrator'] },
      { id: 'organisation:grant-roles', roles: ['administrator'] },
      { id: changeSettings, roles: ['administrator'] },
    ],
    nav: [
      {
        label: 'organisation:people.title',
        href: '/people',
        icon: 'people',
        needs: 'organisation:list-people',
        order: 100,
      },
      { label: 'organisation:units.title', href: '/units', icon: 'diagram-3', order: 110 },
      {
        label: 'organisation:posts.title',
        href: '/posts',
        icon: 'briefcase',
        needs: managePosts,
        order: 120,
      },
      {
        label: 'organisation:settings.title',
        href: '/admin/settings',
        icon: 'sliders',
        needs: changeSettings,
        order: 205,
        group: 'admin',
      },
      {
        label: 'organisation:announcements.title',
        href: '/admin/announcements',
        icon: 'megaphone',
        needs: changeSettings,
        order: 206,
        group: 'admin',
      },
      {
        label: 'organisation:roles.title',
        href: '/admin/roles',
        icon: 'key',
        needs: 'organisation:grant-roles',
        order: 200,
        group: 'admin',
      },
      {
        label: 'organisation:audit.title',
        href: '/admin/audit',
        icon: 'shield-check',
        needs: 'people:read-audit',
        order: 290,
        group: 'admin',
      },
    ],
    search: [searchPeople, searchUnits, searchPosts],
    personalData: [
      {
        model: 'organisation.Post',
        path: 'holders.person',
        onErasure: 'anonymise',
        onMerge: joinHolders,
      },
      {
        model: 'organisation.Placement',
        path: 'person',
        onErasure: 'delete',
        onMerge: joinPlacements,
      },
      { model: 'organisation.Absence', path: 'person', onErasure: 'delete', onMerge: 'move' },
      {
        model: 'organisation.Absence',
        path: 'deputy',
        onErasure: 'anonymise',
        onMerge: 'move',
        others: true,
      },
    ],
    notifications: [deputyGiven],
    jobs: [followDates, placeEverybody],
    seeds: [demoInstitution],
    guessable: [institutionNames],
    grants: [{ id: 'organisation:grants', grantsOf }],
  },
})
