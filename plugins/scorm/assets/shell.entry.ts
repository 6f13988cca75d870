import { writableOf } from './shell/api.js'
import { listen, type FromShell, type ToShell } from './shell/messages.js'
import { Outbox, type Envelope } from './shell/outbox.js'
import { replay } from './shell/replay.js'
import { Saver } from './shell/saver.js'
import { Server, type Opened, type OpenedItem } from './shell/server.js'
import { Stage } from './shell/stage.js'
import { Telling } from './shell/telling.js'

/** What the page says of itself, made by the server. */
interface ShellData {
  readonly pageOrigin: string
  readonly base: string
  readonly person: string
}

const data = JSON.parse(document.querySelector('#shell-data')?.textContent ?? '{}') as ShellData
const place = document.querySelector<HTMLElement>('#stage')
const server = new Server()
const tell = (message: FromShell): void => window.parent.postMessage(message, data.pageOrigin)
const telling = new Telling(tell)

let tokenArrived: (attempt: string) => void
const attemptKnown = new Promise<string>((resolve) => (tokenArrived = resolve))
let saver: Saver | undefined
let stage: Stage | undefined
let opened: Opened | undefined
let switching = Promise.resolve()

listen<ToShell>(
  { origin: data.pageOrigin, source: () => window.parent, direction: 'to-shell' },
  (message) => {
    if (message.type === 'token') {
      clearInterval(calling)
      server.token = message.token
      tokenArrived(message.attempt)
      saver?.again()
    }
    if (message.type === 'play') switchTo(message.sco)
    if (message.type === 'leave') void leave()
  },
)
// The page's own script may be slower to load than its frame: called until it answers.
const calling = setInterval(() => tell({ type: 'ready' }), 250)
tell({ type: 'ready' })
void start()

async function start(): Promise<void> {
  const attempt = await attemptKnown
  const outbox = await Outbox.open({ institution: data.pageOrigin, person: data.person })
  const launch = crypto.randomUUID()
  const orphans = await replay({ server, outbox }, attempt)
  opened = await openPatiently(attempt, launch)
  saver = makeSaver(outbox, { attempt, id: launch, epoch: opened.epoch })
  stage = new Stage({ place: place ?? document.body, base: data.base }, saver, {
    finished: (request) => finished(request),
    out: () => tell({ type: 'out' }),
  })
  announceOnDevice(attempt, opened.epoch)
  saver.alive(opened.savedAt)
  tellSaved(opened.savedAt ? 'saved' : 'ready', opened.savedAt)
  await sayAgain(orphans, outbox)
  const first = opened.items.find(({ sco }) => sco === opened?.start) ?? opened.items[0]
  if (first) await show(first)
}

/** Until the server answers: a course cannot be opened without it, and the page says why. */
async function openPatiently(attempt: string, launch: string): Promise<Opened> {
  for (let tries = 1; ; tries += 1) {
    const answer = await server.open(attempt, launch)
    if (answer !== undefined && answer !== 'signed-out') return answer
    if (answer === 'signed-out') tell({ type: 'renew' })
    tellSaved(answer ?? 'unkept', null)
    await new Promise((resolve) => setTimeout(resolve, Math.min(15_000, 500 * 2 ** tries)))
  }
}

function makeSaver(
  outbox: Outbox | undefined,
  launch: { attempt: string; id: string; epoch: number },
): Saver {
  return new Saver({ server, outbox }, launch, {
    state: tellSaved,
    renew: () => tell({ type: 'renew' }),
    stopped: (reason) => stop(reason),
    result: (sco, completion, success) => noteResult(sco, completion, success),
    reopen: async () => {
      const again = await server.open(launch.attempt, launch.id)
      return again === undefined || again === 'signed-out' ? undefined : again.epoch
    },
  })
}

/** The page is about to go: content says its last word, and what it said is sent, before it does. */
async function leave(): Promise<void> {
  await stage?.leave()
  await saver?.flush()
  tell({ type: 'left' })
}

/** Parts change one after the other; each is opened with a state fresh from the server. */
function switchTo(sco: number): void {
  switching = switching.then(async () => {
    if (!saver || !stage || !opened || saver.stopped) return
    await stage.leave()
    await saver.flush()
    const { attempt, launch } = opened
    const fresh = await server.open(attempt, launch)
    if (fresh && fresh !== 'signed-out') opened = fresh
    const item = opened.items.find((one) => one.sco === sco)
    if (item) await show(item)
  })
}

async function show(item: OpenedItem): Promise<void> {
  if (!opened) return
  await stage?.play(opened, item)
  tell({ type: 'opened', sco: item.sco, items: states() })
}

function finished(request: 'next' | 'previous' | 'exit' | undefined): void {
  const next = neighbour(request === 'previous' ? -1 : 1)
  if ((request === 'next' || request === 'previous') && next !== null) return switchTo(next)
  tell({ type: 'finished', next: request === 'exit' ? null : next })
}

function neighbour(step: 1 | -1): number | null {
  const items = opened?.items.filter(({ visible }) => visible) ?? []
  const here = items.findIndex(({ sco }) => sco === stage?.item?.sco)
  return items[here + step]?.sco ?? null
}

function noteResult(sco: number, completion: string, success: string): void {
  const known = opened?.items.find((item) => item.sco === sco)
  if (!opened || (known?.completion === completion && known.success === success)) return
  const items = opened.items.map((item) =>
    item.sco === sco ? { ...item, completion, success } : item,
  )
  opened = { ...opened, items }
  if (stage?.item) tell({ type: 'opened', sco: stage.item.sco, items: states() })
}

const states = (): { sco: number; completion: string; success: string }[] =>
  (opened?.items ?? []).map(({ sco, completion, success }) => ({ sco, completion, success }))

/** What the server could not place is this launch's to say; once it has, the device need not keep it. */
async function sayAgain(orphans: readonly Envelope[], outbox: Outbox | undefined): Promise<void> {
  for (const { sco, delta } of orphans) {
    const item = opened?.items.find((one) => one.sco === sco)
    if (!item || !opened || !saver) continue
    const ledger = saver.ledger(sco, writableOf(opened.standard, item))
    for (const [element, value] of Object.entries(delta)) ledger.set(element, value)
    saver.changed(sco)
  }
  if (orphans.length === 0 || !(await saver?.flush())) return
  for (const orphan of orphans) await outbox?.drop(orphan)
}

function tellSaved(state: Extract<FromShell, { type: 'saved' }>['state'], at: string | null): void {
  const preview = opened?.mode === 'browse' && state !== 'signed-out'
  telling.saved(preview ? 'preview' : state, at)
}

/** Another window has the attempt: nothing said here is stored any more, and content is not let go on as if. */
function stop(reason: 'opened-elsewhere' | 'ended'): void {
  saver?.stop()
  tell({ type: 'stopped', reason })
}

/** Windows of one browser tell each other at once; other devices hear it with their next commit. */
function announceOnDevice(attempt: string, epoch: number): void {
  const channel = new BroadcastChannel(`attempt:${attempt}`)
  channel.onmessage = ({ data: message }: MessageEvent<{ epoch?: number }>) => {
    if (Number(message.epoch) > epoch && opened?.mode === 'normal') {
      void saver?.flush().then(() => stop('opened-elsewhere'))
    }
  }
  channel.postMessage({ epoch })
}

window.addEventListener('pagehide', () => {
  stage?.closeSilently()
  saver?.goAway()
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') saver?.goAway()
})
window.addEventListener('online', () => saver?.again())
