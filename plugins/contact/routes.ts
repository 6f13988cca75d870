import { already, can, creates, goesTo, routes, shows, signedIn, takes } from '#core'
import { answerEnquiry } from './answering.js'
import { ask } from './asking.js'
import { answerForm, contactQuery, enquiriesQuery, enquiryForm } from './forms.js'
import { enquiriesFile } from './list-files.js'
import { contactPage, enquiriesPage, enquiryLine } from './pages.js'
import { contactShown, enquiriesShown, enquiryShown } from './shown.js'
import { answer, onEnquiry } from './subjects.js'

export const contactRoutes = routes('/contact', (route) => {
  route.get(
    '/',
    signedIn(),
    shows('contact:contact', contactShown, { query: contactQuery, duringSupport: false }),
    ({ actor, query }) => contactPage(actor, query),
  )

  route.post(
    '/',
    signedIn(),
    takes(enquiryForm),
    creates('/contact', enquiryShown, { said: 'contact:said.sent' }),
    async ({ actor, form }) => {
      const { enquiry, isNew } = await ask(actor, form)
      const shown = await enquiryLine(enquiry)
      return isNew ? shown : already(shown)
    },
  )
})

/** For those who answer. */
export const answeringRoutes = routes('/contact/enquiries', (route) => {
  route.get(
    '/',
    can(answer),
    shows('contact:enquiries', enquiriesShown, {
      query: enquiriesQuery,
      file: enquiriesFile,
      duringSupport: false,
    }),
    ({ actor, query }) => enquiriesPage(actor, query),
  )

  route.get(
    '/:enquiry',
    can(answer, onEnquiry),
    shows('contact:enquiry', enquiryShown, { duringSupport: false }),
    ({ enquiry }) => enquiryLine(enquiry),
  )

  route.post(
    '/:enquiry/answer',
    can(answer, onEnquiry),
    takes(answerForm, { page: '/contact/enquiries/:enquiry' }),
    goesTo('/contact/enquiries/:enquiry', { said: 'contact:said.answered' }),
    ({ actor, enquiry, form }) => answerEnquiry(actor, enquiry, form.text),
  )
})
