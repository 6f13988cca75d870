import type { z } from 'zod'
import { toPage, windowOf } from '../../../http/lists.js'
import type { Actor } from '../../../kernel/contract.js'
import { pageAndTotal } from '../../../platform/totals.js'
import { peopleNamed, type PersonName } from '../../people/people.js'
import { teaches } from '../finding-people.js'
import type { Course } from '../models.js'
import type { messageLine, messagesQuery, messagesShown } from './forms.js'
import { refuseWhoWritesToNobody } from './permission.js'
import { MessageModel, type Message } from './models.js'

/** What was written to those who take part in a course: all of it for those who teach it, else what one wrote oneself. */
export async function messagesPage(
  actor: Actor,
  course: Course,
  query: z.infer<typeof messagesQuery>,
): Promise<z.input<typeof messagesShown>> {
  refuseWhoWritesToNobody(actor)
  const { _id, title, language } = course
  const filter = { course: _id, ...(!teaches(actor, course) && { by: actor.person ?? actor.name }) }
  const window = { sort: { at: -1, _id: 1 }, ...windowOf(query) } as const
  const { found, total } = await pageAndTotal(MessageModel, filter, window)
  const path = `/courses/${encodeURIComponent(_id)}/messages`
  const names = await peopleNamed(found.map(({ by }) => by))
  const page = toPage(
    found.map((message) => lineOf(message, names.get(message.by))),
    total,
    { path, query },
  )
  return { ...page, course: { id: _id, title, language } }
}

/** A message as it is listed. */
export async function messageShown(message: Message): Promise<Line> {
  return lineOf(message, (await peopleNamed([message.by])).get(message.by))
}

type Line = z.input<typeof messageLine>

const lineOf = (
  { _id, at, to, subject, text, told }: Message,
  author: PersonName | undefined,
): Line => ({
  id: _id,
  at: at.toISOString(),
  by: author?.name ?? '',
  ...{ to, subject, text },
  told: told ?? null,
})
