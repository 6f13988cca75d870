import { expect } from 'chai'
import { join } from 'node:path'
import type { Compiled } from '../../../content/builder/compile.js'
import { plainText } from '../../../content/builder/html.js'
import { checkModule } from '../../../content/builder/lint.js'
import { shippedModules } from '../../../content/modules.js'
import type { PartKind, Question, Story } from '../../../content/player/course.js'
import { letters } from '../../../content/player/scoring.js'
import { holds, play, type Played } from '../../../content/player/story.js'

const roles = ['situation', 'ideas', 'example', 'practice', 'tool', 'sources']

describe('the shipped modules', () => {
  it('are the first three of the eight', () => {
    expect(shippedModules()).to.include.members([
      'change-management',
      'customer-service',
      'leadership-and-teamwork',
    ])
  })

  for (const module of shippedModules()) {
    for (const [language, compiled] of checkModule(join('content/modules', module)).compiled) {
      describe(`${module} in ${language}`, () => {
        const parts = (kind: PartKind) => compiled.parts.filter((part) => part.kind === kind)

        it('is at least 4,000 words to read, questions not counted', () => {
          expect(wordsOf(compiled)).to.be.at.least(4000)
        })

        it('asks at least forty questions, and explains every answer of each', () => {
          const questions = [...practiceOf(compiled), ...compiled.bank]
          expect(questions.length).to.be.at.least(40)
          for (const { id, answers } of questions)
            for (const { why } of answers) expect(plainText(why).length, id).to.be.at.least(10)
        })

        it('has four to six units, each from a situation to a tool and its sources', () => {
          const units = compiled.course.parts.filter(({ kind }) => kind === 'unit')
          expect(units.length).to.be.within(4, 6)
          for (const { id, sections } of units)
            expect(
              sections.map(({ role }) => role),
              id,
            ).to.include.members(roles)
        })

        it('begins with a self-check, ends with a task, and has at least three tools', () => {
          for (const kind of ['self-check', 'case', 'test', 'transfer'] as const)
            expect(parts(kind), kind).to.have.length(1)
          expect(parts('tool').length).to.be.at.least(3)
        })

        it('has a case of at least twelve nodes, and some way leads to each of them', () => {
          const story = parts('case')[0]?.story
          expect(story?.nodes.length).to.be.at.least(12)
          expect(story && unmet(story)).to.deep.equal([])
        })
      })
    }
  }
})

function practiceOf({ parts }: Compiled): Question[] {
  return parts.flatMap(({ sections }) =>
    sections.flatMap(({ widgets }) =>
      widgets.flatMap((widget) => (widget.type === 'question' ? [widget.question] : [])),
    ),
  )
}

function wordsOf({ parts }: Compiled): number {
  const texts = parts.flatMap(({ sections, story }) => [
    ...sections.map(({ html }) => html),
    ...(story?.nodes ?? []).map(({ html }) => html),
  ])
  return texts.map((html) => plainText(html).match(/[\p{L}\p{N}’']+/gu)?.length ?? 0).reduce(sum)
}

const sum = (a: number, b: number): number => a + b

/** The nodes that no way through the story leads to. */
function unmet(story: Story): string[] {
  const left = new Set(story.nodes.map(({ id }) => id))
  const states = new Set<string>()
  const ways = ['']
  for (let way = ways.pop(); way !== undefined && left.size > 0; way = ways.pop()) {
    const played = play(story, way)
    const state = `${played?.node.id} ${[...(played?.values ?? [])].join()}`
    if (!played || states.has(state)) continue
    states.add(state)
    left.delete(played.node.id)
    ways.push(...onFrom(played).map((letter) => way + letter))
  }
  return [...left]
}

function onFrom({ node, values }: Played): string[] {
  if (node.ending) return []
  const offered = node.choices.flatMap(({ when }, at) =>
    holds(when, values) ? [letters[at] ?? ''] : [],
  )
  return offered.length > 0 ? offered : ['>']
}
