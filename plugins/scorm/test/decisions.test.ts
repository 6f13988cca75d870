import { expect } from 'chai'
import { parse, toTree } from '../runtime/elements.js'
import { claim, closeSilent } from '../runtime/opening.js'
import { receive, type Receipt } from '../runtime/receiving.js'
import { currentLaunch, totalSeconds, type Commit, type Runtime } from '../runtime/runtime.js'
import { changesBetween } from '../storing.js'
import { at, buildCommit, buildItem, buildOpened } from './support/runtimes.js'

describe('deciding on a commit', () => {
  it('applies what follows, once, and answers a repetition with the first answer', () => {
    const commit = buildCommit({ delta: { core: { lesson_location: 'p1' } } })
    const { runtime } = apply(buildOpened(), commit)
    expect(location(runtime)).to.equal('p1')

    const again = put(runtime, commit)
    expect(again.kind).to.equal('repeated')
    expect(again).to.have.nested.property('entry.seq', 1)
  })

  it('answers a repetition from an older epoch and after the end as well', () => {
    const commit = buildCommit({ delta: { suspend_data: 'x' } })
    const opened = apply(buildOpened(), commit).runtime
    const elsewhere = claim(opened, 'launch-2', at(20)).runtime
    expect(put(elsewhere, commit).kind).to.equal('repeated')
    expect(put({ ...elsewhere, endedAt: at(30) }, commit).kind).to.equal('repeated')
  })

  it('refuses another body under a known id, and changes nothing', () => {
    const commit = buildCommit({ delta: { suspend_data: 'x' } })
    const { runtime } = apply(buildOpened(), commit)
    const other = buildCommit({ commitId: commit.commitId, delta: { suspend_data: 'y' } })
    expect(put(runtime, other).kind).to.equal('conflict')
  })

  it('ignores what was overtaken', () => {
    const five = buildCommit({ seq: 5, delta: { core: { lesson_location: 'p5' } } })
    const three = buildCommit({ seq: 3, delta: { core: { lesson_location: 'p3' } } })
    const { runtime } = apply(buildOpened(), five)
    expect(put(runtime, three)).to.deep.include({ kind: 'superseded', storedSeq: 5 })
  })

  it('asks a browser that is ahead of a restored server to open again', () => {
    expect(put(buildOpened(), buildCommit({ epoch: 7 })).kind).to.equal('reopen')
  })

  it('keeps the work of an older epoch as late, also when its launch is unknown here', () => {
    const { runtime } = claim(buildOpened(), 'launch-2', at(60))
    expect(put(runtime, buildCommit())).to.deep.include({
      kind: 'late',
      reason: 'opened-elsewhere',
    })
    const stranger = buildCommit({ launch: 'launch-9', epoch: 2 })
    expect(put(runtime, stranger)).to.deep.include({ kind: 'late', reason: 'opened-elsewhere' })
  })

  it('keeps work on an ended attempt as late', () => {
    const ended = { ...buildOpened(), endedAt: at(5) }
    expect(put(ended, buildCommit())).to.deep.include({ kind: 'late', reason: 'ended' })
  })

  it('asks for everything when it lacks what the browser believes acknowledged', () => {
    const receipt = put(buildOpened(), buildCommit({ seq: 9, baseSeq: 8 }))
    expect(receipt).to.deep.include({ kind: 'resend', storedSeq: 0 })
  })

  it('keeps the last twenty commits of a launch, and no heartbeat', () => {
    let runtime = buildOpened()
    for (let seq = 1; seq <= 30; seq += 1) {
      runtime = apply(runtime, buildCommit({ seq, delta: { suspend_data: `${seq}` } })).runtime
    }
    runtime = apply(runtime, buildCommit({ seq: 31 })).runtime
    const launch = currentLaunch(runtime)
    expect(launch?.commits.map(({ seq }) => seq)).to.deep.equal(range(11, 30))
    expect(launch?.scos[0]?.lastSeq).to.equal(31)
  })

  it('owes progress for a commit, and nothing for a heartbeat', () => {
    expect(apply(buildOpened(), buildCommit()).runtime.owed).to.equal(undefined)
    const { runtime } = apply(buildOpened(), buildCommit({ delta: { suspend_data: 'x' } }))
    expect(runtime.owed).to.deep.equal(['progress'])
  })

  it('refuses an entry past the end of its list, and takes a list that begins at its start', () => {
    const receipt = put(buildOpened(), buildCommit({ delta: { interactions: { 2: { id: 'c' } } } }))
    expect(receipt.kind).to.equal('malformed')
    const delta = { interactions: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }
    const { runtime } = apply(buildOpened(), buildCommit({ delta }))
    expect(toTree(parse(runtime.scos[0]?.cmi))).to.deep.equal(delta)
  })
})

describe('what a commit may change', () => {
  it('takes no more for one attempt than a document of the store can hold', () => {
    const comments = 'x'.repeat(64_000)
    const full = (sco: number) => buildCommit({ sco, delta: { comments, suspend_data: comments } })
    let runtime = buildOpened()
    for (let sco = 0; sco < 31; sco += 1) runtime = apply(runtime, full(sco)).runtime
    expect(put(runtime, full(31)).kind).to.equal('too-large')
  })

  it('never takes completed or passed back, and notes what it left aside', () => {
    const first = apply(buildOpened(), status(1, 'passed')).runtime
    const { runtime, change } = apply(first, status(2, 'incomplete'))
    expect(parse(runtime.scos[0]?.cmi).get('core.lesson_status')).to.equal('passed')
    expect(change.ignored).to.deep.equal(['core.lesson_status'])
    expect(currentLaunch(runtime)?.commits.at(-1)?.ignored).to.deep.equal(['core.lesson_status'])
  })

  it('lets a failed learner pass', () => {
    const failed = apply(buildOpened(), status(1, 'failed')).runtime
    expect(apply(failed, status(2, 'passed')).runtime.scos[0]?.result.success).to.equal('passed')
  })

  it('judges by the manifest’s mastery score, whatever the browser says', () => {
    const items = [buildItem({ masteryScore: 80 })]
    const delta = { core: { lesson_status: 'passed', score: { raw: '40' } } }
    const { runtime } = apply(buildOpened(), buildCommit({ delta }), items)
    expect(runtime.scos[0]?.result).to.deep.include({ completion: 'completed', success: 'failed' })
  })

  it('caps the session time by the clock on the wall, all items of the launch together', () => {
    const hour = { core: { session_time: '01:00:00' } }
    let { runtime } = apply(buildOpened(), buildCommit({ delta: hour }))
    expect(totalSeconds(runtime, '0')).to.equal(10)
    runtime = apply(runtime, buildCommit({ sco: 1, delta: hour })).runtime
    expect(totalSeconds(runtime, '1')).to.equal(0)
  })

  it('counts the latest time of a launch, and adds launches up', () => {
    const time = (seq: number, text: string, rest = {}): Commit =>
      buildCommit({ seq, delta: { core: { session_time: text } }, ...rest })
    let { runtime } = apply(buildOpened(), time(1, '00:00:04'))
    runtime = apply(runtime, time(2, '00:00:06')).runtime
    runtime = claim(runtime, 'launch-2', at(0)).runtime
    runtime = apply(runtime, time(1, '00:00:03', { launch: 'launch-2', epoch: 2 })).runtime
    expect(totalSeconds(runtime, '0')).to.equal(9)
  })
})

describe('opening', () => {
  it('gives the same launch the same epoch, and another the next', () => {
    const first = buildOpened()
    expect(claim(first, 'launch-1', at(9))).to.deep.include({ claimed: false, runtime: first })
    expect(claim(first, 'launch-2', at(9)).launch.epoch).to.equal(2)
  })

  it('keeps the closing state of the launch it replaces, unless that changed nothing', () => {
    const idle = claim(buildOpened(), 'launch-2', at(9)).runtime
    expect(idle.closings).to.equal(undefined)
    const worked = apply(buildOpened(), buildCommit({ delta: { suspend_data: 'x' } })).runtime
    const { closings, owed } = claim(worked, 'launch-2', at(9)).runtime
    expect(closings?.map(({ epoch, scos }) => [epoch, scos])).to.deep.equal([[1, worked.scos]])
    expect(owed).to.include('closings')
  })

  it('closes a silent launch, and a commit of its epoch opens it again', () => {
    expect(closeSilent(buildOpened(), at(-1), at(200))).to.equal(undefined)
    const closed = closeSilent(buildOpened(), at(20), at(200))
    if (!closed) throw new Error('it stayed open')
    expect(closed.live).to.equal(undefined)
    expect(currentLaunch(closed)?.closedAt).to.deep.equal(at(200))
    const { runtime } = apply(closed, buildCommit({ delta: { suspend_data: 'x' } }))
    expect(runtime.live).to.equal(true)
    expect(currentLaunch(runtime)?.closedAt).to.equal(undefined)
  })

  it('owes its progress again, since what an earlier commit owes may be done before this one is stored', () => {
    const first = apply(buildOpened(), buildCommit({ delta: { suspend_data: 'x' } })).runtime
    const second = apply(first, buildCommit({ seq: 2, delta: { suspend_data: 'y' } })).runtime
    expect(changesBetween(first, second).$set).to.deep.include({ owed: ['progress'] })
  })

  it('stays small over a hundred launches, and forgets no second', () => {
    let runtime = buildOpened()
    for (let epoch = 1; epoch <= 100; epoch += 1) {
      const launch = `launch-${epoch}`
      runtime = claim(runtime, launch, at(0)).runtime
      const delta = { core: { session_time: '00:00:02' }, suspend_data: `${epoch}` }
      runtime = apply(runtime, buildCommit({ launch, epoch, delta })).runtime
    }
    expect(runtime.launches).to.have.length(50)
    expect(totalSeconds(runtime, '0')).to.equal(200)
  })
})

function put(runtime: Runtime, commit: Commit, items = [buildItem()]): Receipt {
  return receive(runtime, commit, { at: at(10), address: '127.0.0.1', items })
}

function apply(
  runtime: Runtime,
  commit: Commit,
  items = [buildItem()],
): Extract<Receipt, { kind: 'applied' }> {
  const receipt = put(runtime, commit, items)
  if (receipt.kind !== 'applied') throw new Error(`not applied: ${JSON.stringify(receipt)}`)
  return receipt
}

const status = (seq: number, value: string): Commit =>
  buildCommit({ seq, delta: { core: { lesson_status: value } } })

const location = (runtime: Runtime): string | undefined =>
  parse(runtime.scos[0]?.cmi).get('core.lesson_location')

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)
