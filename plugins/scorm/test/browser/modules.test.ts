import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { modulePackage } from '../../../../content/modules.js'
import {
  shippedPackages,
  thoroughly,
  wayTo,
  wholeWay,
} from '../../../../test/browser/support/course-walk.js'
import { answerNext, finishTest, press } from '../../../../test/browser/support/keyboard.js'
import { removeData, startPalier, type Palier } from '../../../../test/support/palier.js'
import { playing, type Imported } from '../support/playing.js'
import { killTab, perform, progressOf, says, signedIn, stage } from '../support/theatre.js'

describe('the shipped packages, in Palier', function () {
  this.timeout(600_000)
  let palier: Palier
  let trainer: Page

  before(async () => {
    palier = await startPalier()
    trainer = await signedIn(palier, 'trainer')
  })

  after(async () => {
    await trainer?.context().close()
    await palier?.stop()
    removeData()
  })

  for (const { module, language, compiled, inside } of shippedPackages()) {
    for (const target of inside) {
      const competency = `managerial:${module}`

      it(`${module} in ${language} as ${target} goes on over a killed tab, is passed, and raises a level`, async () => {
        const archive = await modulePackage(module, language, target)
        const outcomes = [{ competency, level: 3 }]
        const imported = await stage(trainer, palier.url, archive, { language, outcomes })
        const page = await signedIn(palier, beginnerIn(competency))
        const { person } = await shown(page, '/me')
        const levels = `/people/${person.id}/competencies`
        expect(levelIn(await shown(page, levels), competency)).to.be.below(3)

        const first = {
          page,
          compiled,
          quick: !thoroughly,
          frame: await perform(page, palier.url, imported),
        }
        await first.frame.waitForSelector('h1')
        await wayTo(first, '#/test')
        await press(first, '.stage .button')
        await answerNext(first, compiled)
        const asked = await first.frame.locator('.stage .prompt').textContent()
        await killTab(page)

        const again = await page.context().newPage()
        const frame = await perform(again, palier.url, imported)
        const second = { ...first, page: again, frame }
        expect(await frame.locator('.stage .prompt').textContent()).to.equal(asked)
        await finishTest(second, compiled)
        await wholeWay(second)
        await says(again, 'saved')
        const done = await progressOf(again, { url: palier.url, imported }, ['passed'])
        expect(done.score.scaled).to.equal(1)
        expect(done.criterion.met).to.equal(true)
        expect(await kindsKept(again, imported)).to.include.members(['choice'])
        await raised(again, levels, competency)
        await again.context().close()
      })
    }
  }

  /** What Palier keeps of the answers, by kind: what it gives back at the next launch. */
  async function kindsKept(page: Page, { activity }: Imported): Promise<string[]> {
    const answer = await page.request.get(`${palier.url}/learn/${activity}`, {
      headers: { accept: 'application/json' },
    })
    const opened = await playing(palier, {
      status: answer.status(),
      text: await answer.text(),
    }).open()
    const [{ cmi }] = opened.json.items as [
      { cmi: { interactions: Record<string, { type: string }> } },
    ]
    const kinds = Object.values(cmi.interactions).map(({ type }) => type)
    expect(kinds.length).to.be.above(16)
    return kinds
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
  async function shown(page: Page, path: string): Promise<any> {
    const headers = { accept: 'application/json' }
    return (await page.request.get(palier.url + path, { headers, maxRetries: 3 })).json()
  }

  /** Waits for the level that follows from the course: it is told a moment after. */
  async function raised(page: Page, levels: string, competency: string): Promise<void> {
    for (let waited = 0; waited < 30_000; waited += 200) {
      if (levelIn(await shown(page, levels), competency) === 3) return
      await page.waitForTimeout(200)
    }
    throw new Error(`${levels} never shows level 3 in ${competency}`)
  }
})

interface Levels {
  readonly competencies: readonly { readonly competency: string; readonly level?: number | null }[]
}

function levelIn({ competencies }: Levels, competency: string): number {
  return competencies.find((one) => one.competency === competency)?.level ?? 0
}

const read = <T>(file: string): T =>
  JSON.parse(readFileSync(`content/demo/${file}.json`, 'utf8')) as T
const people = read<{ id: string; email: string; status: string }[]>('people')
const evidence = read<{ person: string; competency: string; level: number }[]>('evidence')
const asked = new Set<string>()

/** Somebody of the demo institution who has not come as far as level 3 in a competency, each person once. */
function beginnerIn(competency: string): string {
  const further = new Set(
    evidence.flatMap((each) =>
      each.competency === competency && each.level > 2 ? [each.person] : [],
    ),
  )
  const next = people.find(
    ({ id, status }) =>
      status === 'active' && !further.has(id) && !asked.has(`${competency} ${id}`),
  )
  if (!next) throw new Error(`nobody is left who has still to learn ${competency}`)
  asked.add(`${competency} ${next.id}`)
  return next.email.split('@')[0] ?? ''
}
