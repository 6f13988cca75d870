import { isDuplicateKey, now, type Id } from '#core'
import type { z } from 'zod'
import type { ScormManifest } from './contract.js'
import { learnerOf, manifestOf } from './sources.js'
import type { openedAnswer } from './forms.js'
import { RuntimeModel } from './models.js'
import { claim } from './runtime/opening.js'
import { noResult } from './runtime/results.js'
import type { Launch, Runtime } from './runtime/runtime.js'
import { seedOf, type Playing } from './runtime/seeding.js'
import { changeRuntime } from './storing.js'
import type { Grant } from './tokens.js'

export type Opened = z.infer<typeof openedAnswer>

/** Claims the next epoch for a launch and answers what its API is seeded with. The same launch gets the same epoch. */
export async function openRuntime(grant: Grant, launch: Id): Promise<Opened> {
  const [manifest, learner] = await Promise.all([
    manifestOf(grant.version),
    learnerOf(grant.person),
  ])
  const opened = grant.preview
    ? claim(freshRuntime(grant, manifest), launch, now())
    : await claimStored(grant, { manifest, launch })
  const mode = grant.preview ? 'browse' : 'normal'
  return answerOf(opened, manifest, { learner, mode })
}

async function claimStored(
  grant: Grant,
  { manifest, launch }: { manifest: ScormManifest; launch: Id },
): Promise<{ runtime: Runtime; launch: Launch }> {
  const claimed = await changeRuntime(grant.attempt, (runtime) => {
    if (!runtime) return { value: undefined }
    const value = claim(runtime, launch, now())
    return value.claimed ? { runtime: value.runtime, value } : { value }
  })
  if (claimed) return claimed
  await insertFresh(freshRuntime(grant, manifest))
  return claimStored(grant, { manifest, launch })
}

/** Two first openings at once insert one document. */
async function insertFresh(runtime: Runtime): Promise<void> {
  try {
    await RuntimeModel.collection.insertOne(runtime as never)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
  }
}

const freshRuntime = (grant: Grant, { standard }: ScormManifest): Runtime => ({
  _id: grant.attempt,
  person: grant.person,
  version: grant.version,
  standard,
  revision: 0,
  epoch: 0,
  scos: {},
  launches: [],
  secondsBefore: {},
})

function answerOf(
  { runtime, launch }: { runtime: Runtime; launch: Launch },
  { items, standard }: ScormManifest,
  playing: Playing,
): Opened {
  return {
    attempt: runtime._id,
    launch: launch.id,
    epoch: launch.epoch,
    standard,
    mode: playing.mode,
    start: whereToStart(runtime, items),
    savedAt: runtime.savedAt ? runtime.savedAt.toISOString() : null,
    items: items.flatMap((item, sco) => {
      if (!item.launch) return []
      const { completion, success } = runtime.scos[sco]?.result ?? noResult
      const { title, depth, kind = 'sco', visible } = item
      const href = addressOf(item.launch)
      const lastSeq = launch.scos[sco]?.lastSeq ?? 0
      const cmi = seedOf(runtime, { sco, item }, playing)
      return [{ sco, title, depth, kind, visible, href, lastSeq, completion, success, cmi }]
    }),
  }
}

/** Where the learner was, unless that is done: then the first thing that is not. */
function whereToStart({ scos }: Runtime, items: ScormManifest['items']): number {
  const places = items.flatMap(({ launch }, sco) => (launch ? [sco] : []))
  const open = places.filter((sco) => scos[sco]?.result.completion !== 'completed')
  const seen = open
    .filter((sco) => scos[sco])
    .sort((a, b) => Number(scos[b]?.savedAt) - Number(scos[a]?.savedAt))
  return seen[0] ?? open[0] ?? places[0] ?? 0
}

const addressOf = ({ path, suffix }: { path: string; suffix: string }): string =>
  path.split('/').map(encodeURIComponent).join('/') + suffix
