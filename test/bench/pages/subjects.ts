import { randomUUID } from 'node:crypto'
import type { Playing } from '../../../plugins/scorm/test/support/playing.js'
import { ask, type Asked, type Visit } from './measuring.js'
import { mostLanes, type School } from './school.js'

/** One thing that people do, `lane` by lane at once; `cpu` is its aim in milliseconds of app and store. */
export interface Subject {
  readonly name: string
  readonly cpu: number
  /** What a visit costs at most beside its floor. */
  readonly ratio: number
  visit(lane: number): Visit
}

/** Everything that is measured, in the order of a day. */
export function subjectsOf(school: School): Subject[] {
  const { cookies, large } = school
  const page = (name: string, path: string, cookie: string, cpu: number): Subject => ({
    ...{ name, cpu, ratio: 1.8 },
    visit: () => () =>
      expecting(200, school.url + path, { headers: { cookie, accept: 'text/html' } }),
  })
  return [
    page('sign-in page', '/sign-in', '', 2.5),
    page('home', '/', cookies.learner, 2.5),
    page('course page', `/courses/${school.course}`, cookies.learner, 3),
    page('player page', `/learn/${school.activity}`, cookies.learner, 3),
    {
      name: 'SCORM commit',
      cpu: 1.3,
      ratio: 2,
      visit: (lane) => commitsOf(school.url, school.players[lane]),
    },
    page('forum page of 50 posts', `/topics/${school.topic}/posts`, cookies.learner, 5),
    { name: 'forum reply', cpu: 1.5, ratio: 1.8, visit: () => replying(school) },
    page('competency page', `/people/${school.learner}/competencies`, cookies.learner, 3),
    page('catalogue of 500 courses', '/courses', cookies.learner, 3),
    page('delegation overview', '/units/crowd-delegation-1/competencies', cookies.admin, 150),
    page('report over 1000 learners', `/courses/${large}/progress`, cookies.admin, 150),
    page('CSV of 1000 learners', `/courses/${large}/participants?format=csv`, cookies.admin, 25),
  ]
}

async function expecting(status: number, url: string, asked: Asked): Promise<number> {
  const answer = await ask(url, asked)
  if (answer.status !== status)
    throw new Error(`${url} was answered ${answer.status}: ${answer.text.slice(0, 300)}`)
  return answer.bytes
}

function replying({ url, quiet, cookies }: School): Visit {
  const headers = {
    cookie: cookies.learner,
    origin: url,
    accept: 'application/json',
    'content-type': 'application/json',
  }
  return () => {
    const body = JSON.stringify({ id: randomUUID(), text: 'We do the same, on Mondays.' })
    return expecting(201, `${url}/topics/${quiet}/posts`, { method: 'POST', headers, body })
  }
}

/** Commits of somebody who plays: thirty-one elements and four kilobytes of suspend data each. */
function commitsOf(url: string, player: Playing | undefined): Visit {
  if (!player) throw new Error(`there are players for ${mostLanes} lanes`)
  const { token, attempt, launchUrl } = player
  const headers = { host: new URL(launchUrl).host, 'content-type': 'application/json' }
  const launch = randomUUID()
  let epoch: Promise<number> | undefined
  let seq = 0
  return async () => {
    epoch ??= player.open(launch).then(({ json }) => (json as { epoch: number }).epoch)
    const envelope = { token, attempt, launch, epoch: await epoch, sco: 0, commitId: randomUUID() }
    seq += 1
    const order = { seq, baseSeq: seq - 1, launchSeq: seq, final: false }
    const body = JSON.stringify({ ...envelope, ...order, delta: said(seq) })
    return expecting(200, `${url}/rt/commit`, { method: 'POST', headers, body })
  }
}

const said = (seq: number): object => ({
  core: {
    ...{ lesson_location: `page ${seq}`, lesson_status: 'incomplete', session_time: '00:01:05' },
    score: { raw: String(seq % 100), min: '0', max: '100' },
  },
  suspend_data: `${seq}`.padEnd(4_000, 'state of the content '),
  objectives: Array.from({ length: 6 }, (_, at) => ({
    ...{ id: `objective-${at}`, status: 'incomplete' },
    score: { raw: String((seq + at) % 100), max: '100' },
  })),
})
