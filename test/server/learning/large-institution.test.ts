import { expect } from 'chai'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EnrolmentModel } from '../../../server/domain/learning/models.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { seedCrowd } from '../../../server/platform/seeds.js'
import { talliesSettled } from '../../../server/platform/tallies.js'
import { withDemo, type Program } from '../../support/app.js'

const count = 1_100
const course = 'plain-letters'

interface Line {
  readonly person: { readonly id: string; readonly name: string }
}

describe('courses in an institution of more than a thousand', function () {
  this.timeout(180_000)
  let admin: Program

  before(async () => {
    const palier = await withDemo({ dataDir: mkdtempSync(join(tmpdir(), 'palier-large-')) })
    admin = await palier.as('admin@demo.palier')
    await seedCrowd(count, () => {})
    await everybodyTakes()
  })

  /** Everybody of the crowd has the course: asked for, given, or begun. */
  async function everybodyTakes(): Promise<void> {
    const taken = new Set(await EnrolmentModel.distinct('person', { course }))
    const people = await PersonModel.find({ _id: /^crowd-/ }, { _id: 1 }).lean<{ _id: string }[]>()
    const at = new Date()
    await EnrolmentModel.insertMany(
      people
        .filter(({ _id }) => !taken.has(_id))
        .map(({ _id: person }, number) => ({
          ...{ _id: `${person}|${course}`, person, course, cycle: 1, activities: {} },
          ...{ enrolledAt: at, enrolledBy: person, revision: 1 },
          status: number % 5 === 0 ? 'requested' : 'active',
          ...(number % 2 === 0 && { startedAt: at, lastAt: at }),
        })),
    )
  }

  async function everyLine(address: string): Promise<Line[]> {
    const lines: Line[] = []
    for (let next: string | null = address; next;) {
      const { json } = await admin.get(next)
      lines.push(...(json.items as Line[]))
      next = json.next as string | null
    }
    return lines
  }

  const inOrder = async (ids: readonly string[]): Promise<string[]> =>
    (
      await PersonModel.find({ _id: { $in: [...ids] } }, { _id: 1 })
        .sort({ familyName: 1, _id: 1 })
        .lean<{ _id: string }[]>()
    ).map(({ _id }) => _id)

  const idsOf = (lines: readonly Line[]): string[] => lines.map(({ person }) => person.id)

  it('lists everybody once, by name, page after page', async () => {
    const address = `/courses/${course}/participants`
    const lines = idsOf(await everyLine(address))
    const enrolled = await EnrolmentModel.distinct('person', { course })
    expect(enrolled.length).to.be.above(1_000)
    expect(lines).to.deep.equal(await inOrder(enrolled))
    expect((await admin.get(address)).json.total).to.equal(enrolled.length)
    expect(idsOf(await everyLine(`/courses/${course}/progress`))).to.deep.equal(lines)
  })

  it('narrows them by state and by name', async () => {
    const active = await EnrolmentModel.distinct('person', {
      ...{ course, status: 'active', startedAt: { $exists: false } },
    })
    const address = `/courses/${course}/participants?status=not-started`
    expect(idsOf(await everyLine(address))).to.deep.equal(await inOrder(active))
    const found = await everyLine(`/courses/${course}/participants?q=1042`)
    expect(found.map(({ person }) => person.name).join()).to.match(/1042$/)
  })

  it('adds up what everybody has come to, and what changes since', async () => {
    const figures = async () => (await admin.get('/progress')).json
    const before = await figures()
    const current = await PersonModel.distinct('_id', {
      status: { $ne: 'deactivated' },
      unit: { $exists: true },
    })
    const states = (status: 'completed' | 'requested') =>
      EnrolmentModel.countDocuments({ status, person: { $in: current } })
    expect(before.totals.completed).to.equal(await states('completed'))
    expect(before.totals.requested).to.equal(await states('requested'))
    expect(before.people).to.equal(current.length)
    const own = before.byCourse.find(({ id }: { id: string }) => id === course)
    const asked = await EnrolmentModel.find({
      course,
      status: 'requested',
      person: /^crowd-/,
    }).limit(2)
    for (const { _id } of asked) await admin.post(`/enrolments/${_id}/approve`, {})
    await figures()
    await talliesSettled()
    const after = (await figures()).byCourse.find(({ id }: { id: string }) => id === course)
    expect(own.requested - after.requested).to.equal(2)
    expect(after.enrolled - own.enrolled).to.equal(2)
  })
})
