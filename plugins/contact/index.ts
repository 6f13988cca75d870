import { definePlugin } from '#core'
import './answering.js'
import { answered, asked } from './notifying.js'
import { answeredEnquiries } from './retention.js'
import { demoEnquiries } from './seed.js'
import { answer } from './subjects.js'
import { answeringRoutes, contactRoutes } from './routes.js'

/** A way to those who can help: what somebody writes reaches who coordinates their unit, with the page it is about. */
export default definePlugin({
  id: 'contact',
  requires: ['people', 'organisation', 'notifications'],
  routes: [contactRoutes, answeringRoutes],
  contributes: {
    permissions: [{ id: answer, roles: ['coordinator', 'administrator'] }],
    nav: [
      {
        label: 'contact:enquiries.title',
        href: '/contact/enquiries',
        icon: 'life-preserver',
        needs: answer,
        order: 115,
      },
    ],
    foot: [{ label: 'contact:title', href: '/contact', order: 10, tellsPage: true }],
    notifications: [asked, answered],
    seeds: [demoEnquiries],
    retention: [answeredEnquiries],
    personalData: [
      { model: 'contact.Enquiry', path: 'person', onErasure: 'delete', onMerge: 'move' },
      {
        model: 'contact.Enquiry',
        path: 'answer.by',
        onErasure: 'anonymise',
        onMerge: 'keep',
        others: true,
      },
    ],
  },
})
