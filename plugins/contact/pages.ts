import {
  NotFound,
  orderOf,
  peopleNamed,
  scopeOf,
  toPage,
  pageAndTotal,
  windowOf,
  wordFilter,
  type Actor,
} from '#core'
import type { z } from 'zod'
import { ownEnquiries } from './asking.js'
import { enquiryOrders, type contactQuery, type EnquiriesQuery } from './forms.js'
import { EnquiryModel, type Enquiry } from './models.js'
import type { contactShown, enquiriesShown, enquiryShown } from './shown.js'
import { answer } from './subjects.js'

type Line = z.input<typeof enquiryShown>

/** The form, with what is known of the page one comes from, and what one asked before. */
export async function contactPage(
  actor: Actor,
  { page, request }: z.infer<typeof contactQuery>,
): Promise<z.input<typeof contactShown>> {
  if (!actor.person) throw new NotFound()
  const own = await linesOf(await ownEnquiries(actor.person))
  return { page: page ?? null, request: request ?? null, own }
}

/** A page of what people of the actor's units asked, the latest first. */
export async function enquiriesPage(
  actor: Actor,
  query: EnquiriesQuery,
): Promise<z.input<typeof enquiriesShown>> {
  const { everything, units } = scopeOf(actor, answer)
  const filter = {
    $and: [
      everything ? {} : { units: { $in: units } },
      query.status ? { status: query.status } : {},
      ...(wordFilter(query.q).$and ?? []),
    ],
  }
  const sort = orderOf(enquiryOrders, query.sort, '-at')
  const { found, total } = await pageAndTotal(EnquiryModel, filter, { sort, ...windowOf(query) })
  return toPage(await linesOf(found), total, { path: '/contact/enquiries', query })
}

/** One enquiry as pages show it. */
export async function enquiryLine(enquiry: Enquiry): Promise<Line> {
  const [line] = await linesOf([enquiry])
  if (!line) throw new NotFound()
  return line
}

async function linesOf(enquiries: readonly Enquiry[]): Promise<Line[]> {
  const names = await peopleNamed(
    enquiries.flatMap((one) => [one.person, ...(one.answer ? [one.answer.by] : [])]),
  )
  const nameOf = (id: string): string => names.get(id)?.name ?? ''
  return enquiries.map(({ _id, person, status, text, page, request, at, answer: said }) => ({
    id: _id,
    person: { id: person, name: nameOf(person) },
    ...{ status, text },
    page: page ?? null,
    request: request ?? null,
    at: at.toISOString(),
    answer: said ? { text: said.text, by: nameOf(said.by), at: said.at.toISOString() } : null,
  }))
}
