import { writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { Imported } from '../../../plugins/scorm/test/support/playing.js'
import { killTab } from '../../../plugins/scorm/test/support/theatre.js'
import { startPalier, type Palier } from '../../support/palier.js'
import { Reader } from './reader.js'

/** A round: a course nobody here has begun, its reader's browser, and another of the same person. */
export interface Round {
  palier: Palier
  readonly env: Readonly<Record<string, string>>
  readonly clock: string
  readonly course: Imported
  readonly desk: Page
  /** Signs the same person in on another device. */
  another(): Promise<Page>
}

/** What a trial puts a reader through; what was amiss. */
export type Trial = (round: Round) => Promise<string[]>

const hour = 3_600_000
const few = (): number => 1 + Math.floor(Math.random() * 4)
const unless = (holds: boolean, problem: string): string[] => (holds ? [] : [problem])

/** The tab dies in the middle of a sentence; what was told as saved is there when it is opened again. */
export const tabKilled: Trial = async ({ palier, course, desk }) => {
  const reader = await Reader.open(desk, palier.url, course)
  await reader.read(few())
  if (Math.random() < 0.5) await reader.commit()
  else await reader.settle()
  await reader.read(few())
  if (Math.random() < 0.5) await reader.commit()
  await wait(Math.random() * 2000)
  await killTab(desk)
  return keptSince(reader, await Reader.open(await desk.context().newPage(), palier.url, course))
}

/** The tab is closed while something is unsaved: the last word goes out, or waits on the device. */
export const tabClosed: Trial = async ({ palier, course, desk }) => {
  const reader = await Reader.open(desk, palier.url, course)
  await reader.read(few())
  await wait(Math.random() * 2000)
  await desk.close({ runBeforeUnload: false })
  await wait(300)
  const again = await Reader.open(await desk.context().newPage(), palier.url, course)
  return unless(again.said === reader.said, `closed at ${reader.said}, opened at ${again.said}`)
}

/** Without a connection for hours, the reader is told; then all goes out, whatever has expired meanwhile. */
export const offlineForHours: Trial = async ({ palier, course, desk, clock }) => {
  const reader = await Reader.open(desk, palier.url, course)
  await reader.read(few())
  await desk.context().setOffline(true)
  await reader.read(few())
  const problems = unless(await reader.hears('waiting'), 'was not told within 5 s of being offline')
  if (await reader.commit()) problems.push('content was told "true" without a connection')
  writeFileSync(clock, String((1 + Math.random() * 6) * hour))
  await reader.read(few())
  await desk.context().setOffline(false)
  await reader.settle()
  await desk.close()
  const again = await Reader.open(await desk.context().newPage(), palier.url, course)
  writeFileSync(clock, '0')
  return [...problems, ...keptSince(reader, again)]
}

/** A second tab takes over in the middle of a sentence: the first is told at once, and stops. */
export const twoTabs: Trial = async ({ palier, course, desk }) => {
  const first = await Reader.open(desk, palier.url, course)
  await first.read(few())
  await first.settle()
  await first.read(few())
  const second = await Reader.open(await desk.context().newPage(), palier.url, course)
  return [
    ...unless(await first.hearsOfAnother(), 'the first tab was not told of the second in time'),
    ...unless(second.said >= first.told, `the second tab is at ${second.said}, not ${first.told}`),
    ...(second.said === first.said ? [] : await keptAsLate(first, second)),
  ]
}

/** Two devices at once, one of them without a connection: what it did is offered, and nothing of either is lost. */
export const twoDevices: Trial = async ({ palier, course, desk, another }) => {
  const first = await Reader.open(desk, palier.url, course)
  await first.read(few())
  await first.settle()
  await desk.context().setOffline(true)
  await first.read(few())
  const second = await Reader.open(await another(), palier.url, course)
  await second.read(few() + 5)
  await second.settle()
  await desk.context().setOffline(false)
  const isTold = await first.hearsOfAnother(60_000)
  return [
    ...unless(isTold, 'the device that came back was not told of the other'),
    ...(await keptAsLate(first, second)),
  ]
}

/** The server ends and starts again while somebody reads. */
export const serverRestarted: Trial = async (round) => {
  const { course, desk, env } = round
  const reader = await Reader.open(desk, round.palier.url, course)
  await reader.read(few())
  await reader.settle()
  await (Math.random() < 0.5 ? round.palier.stop() : round.palier.kill())
  await reader.read(few())
  const problems = unless(await reader.hears('waiting'), 'was not told within 5 s of the end')
  round.palier = await startPalier({ env, again: round.palier })
  await reader.read(few())
  await reader.settle()
  await killTab(desk)
  const again = await Reader.open(await desk.context().newPage(), round.palier.url, course)
  return [...problems, ...keptSince(reader, again)]
}

/** The server takes connections and answers nothing: that is not saved either. */
export const serverSilent: Trial = async ({ palier, course, desk }) => {
  const reader = await Reader.open(desk, palier.url, course)
  await reader.read(few())
  await reader.settle()
  process.kill(palier.pid, 'SIGSTOP')
  await reader.read(few())
  const isTold = await reader.hears('waiting').finally(() => process.kill(palier.pid, 'SIGCONT'))
  await reader.read(few())
  await reader.settle()
  await killTab(desk)
  const again = await Reader.open(await desk.context().newPage(), palier.url, course)
  return [...unless(isTold, 'was not told within 5 s of the silence'), ...keptSince(reader, again)]
}

function keptSince(reader: Reader, again: Reader): string[] {
  const { told, said } = reader
  const isKept = again.said >= told && again.said <= said
  return unless(
    isKept,
    `told that ${told} is saved, read to ${said}, opened again at ${again.said}`,
  )
}

/** What the one who was overtaken still read is offered to the other. */
async function keptAsLate(overtaken: Reader, other: Reader): Promise<string[]> {
  await other.page.waitForTimeout(2000)
  const late = await other.takeLate()
  return unless(late === overtaken.said, `${overtaken.said} was to be offered, was ${String(late)}`)
}
