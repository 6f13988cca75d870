import { randomUUID } from 'node:crypto'
import { EnquiryModel } from '../../../../plugins/contact/models.js'
import { KeptStateModel, RuntimeModel } from '../../../../plugins/scorm/models.js'
import { ImportModel, RowModel } from '../../../../server/domain/imports/models.js'
import { MessageModel } from '../../../../server/domain/learning/messages/models.js'
import { AttemptModel } from '../../../../server/domain/learning/models.js'
import { AnswerSheetModel } from '../../../../server/domain/learning/questions/models.js'
import { NotificationModel } from '../../../../server/domain/notifications/models.js'
import { PersonModel } from '../../../../server/domain/people/models.js'
import { personFrom } from '../../../../server/domain/people/describing.js'
import { SupportViewModel } from '../../../../server/domain/support/models.js'
import { JobRunModel } from '../../../../server/platform/jobs.js'
import { type Model } from '../../../../server/platform/database.js'

/** Whose a record is to be, and from when. */
interface Made {
  readonly person: string
  readonly institution: string
  readonly at: Date
}

/** A record that is removed once it is old, and one alike that never is. */
export interface Case {
  readonly model: Model<never>
  due(made: Made): Promise<string>
  stays(made: Made): Promise<string>
}

export const inserted: [model: Model<unknown>, id: string][] = []

export const insert = async (model: unknown, document: Readonly<Record<string, unknown>>) => {
  const _id = (document._id as string | undefined) ?? randomUUID()
  await (model as Model<unknown>).collection.insertOne({ ...document, _id } as never)
  inserted.push([model as Model<unknown>, _id])
  return _id
}

async function attempt({ person, at }: Made, isOver: boolean): Promise<string> {
  const _id = await insert(AttemptModel, {
    ...{ person, course: 'x', activity: randomUUID(), enrolment: 'x', cycle: 1, number: 1 },
    ...{ status: 'open', openedAt: at, revision: 0 },
    progress: { completion: isOver ? 'completed' : 'incomplete' },
  })
  return _id
}

export const notification = ({ person, at }: Made, more = {}) =>
  insert(NotificationModel, { person, kind: 'learning:wrote', data: {}, at, ...more })

const sheet = async (made: Made, isOver: boolean) =>
  insert(AnswerSheetModel, {
    ...{ person: made.person, version: randomUUID(), cycle: 1, number: 1, revision: 0 },
    ...{ answers: [], attempt: await attempt(made, isOver) },
  })

const runtime = async (made: Made, isOver: boolean) =>
  insert(RuntimeModel, {
    _id: await attempt(made, isOver),
    ...{ person: made.person, savedAt: made.at, scos: {}, launches: [], epoch: 1, revision: 1 },
  })

const keptState = async (made: Made, isOver: boolean) =>
  insert(KeptStateModel, {
    ...{ person: made.person, attempt: await attempt(made, isOver), at: made.at },
    ...{ epoch: 1, kind: 'closing', status: 'kept', revision: 0, scos: {}, seqs: {} },
  })

const message = ({ person: by, at }: Made, more: object) =>
  insert(MessageModel, { course: 'x', by, at, to: 'everybody', subject: 's', text: 't', ...more })

const enquiry = ({ person, at }: Made, status: string) =>
  insert(EnquiryModel, {
    ...{ person, units: [], status, text: 't', at, words: [], revision: 0 },
    ...(status === 'answered' && { answer: { text: 'a', by: person, at } }),
  })

export const imported = async ({ institution, at }: Made, status: string) => {
  const _id = await insert(ImportModel, {
    ...{ unit: institution, units: [institution], institution, by: 'x', language: 'en', at },
    ...{ file: 'f', header: [], columns: [], status, lines: 1, counts: {}, newUnits: [] },
  })
  await insert(RowModel, { import: _id, sequence: 0, line: 1, state: 'done', outcome: 'create' })
  return _id
}

const failed = ({ at }: Made, status: string) =>
  insert(JobRunModel, { job: 'platform:deliver-mail', status, tries: 6, dueAt: at })

export const leaver = ({ institution, at }: Made, more: object) => {
  const form = { givenName: 'Gone', familyName: 'Away', language: 'en', institution }
  const email = `${randomUUID()}@demo.palier`
  return insert(PersonModel, { ...personFrom({ ...form, email }), leavesAt: at, ...more })
}

const supportView = ({ person, at }: Made, more = {}) =>
  insert(SupportViewModel, {
    ...{ person, by: randomUUID(), session: 'x', reason: 'r', words: [], revision: 0 },
    ...{ from: at, until: at, ...more },
  })

export const cases: Readonly<Record<string, Case>> = {
  'notifications:read': {
    model: NotificationModel as never,
    due: notification,
    stays: (made) => notification(made, { unread: true }),
  },
  'learning:answer-sheets': {
    model: AnswerSheetModel as never,
    due: (made) => sheet(made, true),
    stays: (made) => sheet(made, false),
  },
  'learning:messages': {
    model: MessageModel as never,
    due: (made) => message(made, { told: 1 }),
    stays: (made) => message(made, {}),
  },
  'scorm:runtimes': {
    model: RuntimeModel as never,
    due: (made) => runtime(made, true),
    stays: (made) => runtime(made, false),
  },
  'scorm:kept-states': {
    model: KeptStateModel as never,
    due: (made) => keptState(made, true),
    stays: (made) => keptState(made, false),
  },
  'contact:enquiries': {
    model: EnquiryModel as never,
    due: (made) => enquiry(made, 'answered'),
    stays: (made) => enquiry(made, 'open'),
  },
  'support:views': {
    model: SupportViewModel as never,
    due: (made) => supportView(made, { endedAt: made.at }),
    stays: (made) => supportView(made, { open: true }),
  },
  'imports:lines': {
    model: ImportModel as never,
    due: (made) => imported(made, 'applied'),
    stays: (made) => imported(made, 'ready'),
  },
  'privacy:leavers': {
    model: PersonModel as never,
    due: (made) => leaver(made, { status: 'deactivated' }),
    stays: (made) => leaver(made, { status: 'active' }),
  },
  'platform:failed-jobs': {
    model: JobRunModel as never,
    due: (made) => failed(made, 'dead'),
    stays: (made) => failed({ ...made, at: new Date('2999-01-01') }, 'waiting'),
  },
}
