import { MongoClient, type Db, type Document } from 'mongodb'
import { randomUUID } from 'node:crypto'
import { readDemo } from '../../../content/demo/demo.js'
import { buildPackage } from '../../../plugins/scorm/test/support/packages.js'
import { playing, type Playing } from '../../../plugins/scorm/test/support/playing.js'
import { postJson, programHeaders, signIn } from '../../support/session.js'

/** What the pages are measured with, beside the people that were seeded. */
export interface School {
  readonly url: string
  readonly cookies: { readonly learner: string; readonly trainer: string; readonly admin: string }
  /** The person whose competencies are looked at: the learner. */
  readonly learner: string
  /** A course of a thousand learners, and one with a package. */
  readonly large: string
  readonly course: string
  readonly activity: string
  /** A topic of fifty posts, and one to reply to. */
  readonly topic: string
  readonly quiet: string
  readonly players: readonly Playing[]
}

const [courses, learners, posts] = [500, 1_000, 50]
export const mostLanes = 32

/** Adds what is missing for the pages to a Palier with the demo institution and its crowd. */
export async function prepare(url: string, storeUri: string): Promise<School> {
  const client = await new MongoClient(storeUri).connect()
  try {
    const large = await fill(client.db())
    const [learner, trainer, admin] = await Promise.all(
      ['learner', 'trainer', 'admin'].map((name) => signIn(url, `${name}@demo.palier`)),
    )
    const cookies = { learner: learner ?? '', trainer: trainer ?? '', admin: admin ?? '' }
    const { course, activity } = await courseWithPackage(url, cookies.trainer)
    return {
      ...{ url, cookies, large, course, activity },
      learner: await ownId(client.db()),
      topic: await topicOf(url, cookies.learner, posts),
      quiet: await topicOf(url, cookies.learner, 1),
      players: await begin(url, course, activity),
    }
  } finally {
    await client.close()
  }
}

/** A catalogue of five hundred courses, one of them with a thousand learners, made of what the demo has. */
async function fill(db: Db): Promise<string> {
  const [all, enrolments] = [
    db.collection<Named>('learning_courses'),
    db.collection<Named>('learning_enrolments'),
  ]
  const model = await all.findOne({ _id: 'plain-letters' })
  if (!model) throw new Error('the demo institution has no course to copy')
  const large = 'bench-course-0'
  if (await all.findOne({ _id: large })) return large
  await all.insertMany(
    Array.from({ length: courses }, (_, at) => ({
      ...model,
      ...{
        _id: `bench-course-${at}`,
        title: `${String(model.title)} ${at}`,
        enrolled: 0,
        completed: 0,
      },
    })),
  )
  const people = await db
    .collection<Named>('people_persons')
    .find({ _id: /^crowd-/ }, { projection: { _id: 1 }, limit: learners })
    .toArray()
  const sample = await enrolments.findOne({ course: 'plain-letters', _id: /^crowd-/ })
  await enrolments.insertMany(
    people.map(({ _id: person }) => ({
      ...sample,
      _id: `${person}|${large}`,
      person,
      course: large,
    })),
  )
  await all.updateOne({ _id: large }, { $set: { enrolled: people.length } })
  return large
}

type Named = Document & { _id: string }

async function ownId(db: Db): Promise<string> {
  const person = await db
    .collection<Named>('people_persons')
    .findOne({ email: 'learner@demo.palier' })
  return person?._id ?? ''
}

async function courseWithPackage(
  url: string,
  cookie: string,
): Promise<{ course: string; activity: string }> {
  const course = randomUUID()
  const about = { title: 'Measured', language: 'en', summary: 'What is played.', outcomes: [] }
  await postJson(url, '/courses', { id: course, ...about }, cookie)
  const form = new FormData()
  form.set('package', new Blob([new Uint8Array(await buildPackage({}))]), 'package.zip')
  const added = await postJson(url, `/courses/${course}/activities`, form, cookie)
  await postJson(url, `/courses/${course}/publish`, {}, cookie)
  return { course, activity: (added as { activity: { id: string } }).activity.id }
}

async function topicOf(url: string, cookie: string, length: number): Promise<string> {
  const answer = await fetch(new URL('/forums', url), { headers: programHeaders(url, cookie) })
  const { places } = (await answer.json()) as { places: { id: string }[] }
  const text = 'What we have seen at our counters this week, in a few lines.\n\n'.repeat(3)
  const place = `/forums/${places[0]?.id ?? ''}/topics`
  const topic = (await postJson(url, place, { title: 'Measured', text }, cookie)) as { id: string }
  for (let at = 1; at < length; at += 1)
    await postJson(url, `/topics/${topic.id}/posts`, { text: `${at}. ${text}` }, cookie)
  return topic.id
}

/** A player for each lane, each of somebody else. */
async function begin(url: string, course: string, activity: string): Promise<Playing[]> {
  const people = readDemo().people.filter(({ status }) => status === 'active')
  const players: Playing[] = []
  for (const { email } of people.slice(0, mostLanes)) {
    const cookie = await signIn(url, email)
    await postJson(url, `/courses/${course}/enrolments`, {}, cookie)
    const answer = await fetch(new URL(`/learn/${activity}`, url), {
      headers: programHeaders(url, cookie),
    })
    players.push(playing({ url }, { status: answer.status, text: await answer.text() }))
  }
  return players
}
