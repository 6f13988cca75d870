import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { writeLines } from '../../../server/domain/imports/applying.js'
import { ImportModel, RowModel } from '../../../server/domain/imports/models.js'
import { takeBackLines } from '../../../server/domain/imports/undoing.js'
import { followDates } from '../../../server/domain/organisation/placing.js'
import { PersonModel } from '../../../server/domain/people/models.js'
import { now, resetClock, setClock } from '../../../server/platform/clock.js'
import { nativeDatabase } from '../../../server/platform/database.js'
import { runDueJobs } from '../../../server/platform/jobs.js'
import { withDemo, type Answer, type Program, type TestApp } from '../../support/app.js'
import { csv, sendFile, type RowShown } from './support/files.js'

const header = ['matricule', 'nom', 'prénom', 'courriel', 'service', 'poste', 'rôle']
const day = 86_400_000

describe('an import', function () {
  this.timeout(300_000)
  let palier: TestApp
  let admin: Program
  let coordinator: Program

  before(async () => {
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
    coordinator = await palier.as('coordinator@demo.palier')
  })
  afterEach(resetClock)

  const word = (): string => `Unit ${randomUUID().slice(0, 6)}`
  const number = (): string => `I-${randomUUID().slice(0, 8)}`
  const read = async (...rows: readonly (readonly string[])[]): Promise<string> => {
    const answer = await sendFile(admin, csv(header, ...rows))
    expect(answer.status, answer.text).to.equal(201)
    return answer.json.id as string
  }
  const show = async (id: string) =>
    (await admin.get(`/imports/${id}`)).json as Answer['json'] & { items: RowShown[] }
  const settled = async (id: string): Promise<Answer['json']> => {
    for (let tries = 0; tries < 600; tries += 1) {
      await runDueJobs()
      const shown = await show(id)
      if (!['reading', 'applying', 'undoing'].includes(shown.status as string)) return shown
      await new Promise((done) => setTimeout(done, 20))
    }
    throw new Error('the import is not over')
  }
  const apply = async (id: string): Promise<Answer['json']> => {
    expect((await admin.post(`/imports/${id}/apply`)).status).to.equal(204)
    return settled(id)
  }
  const undo = async (id: string): Promise<Answer['json']> => {
    const answer = await admin.post(`/imports/${id}/undo`)
    expect(answer.status, answer.text).to.equal(204)
    return settled(id)
  }
  const outcomes = async (id: string): Promise<string[]> =>
    (await show(id)).items.map(({ outcome }: RowShown) => outcome)
  const personCalled = async (staffNumber: string) =>
    (await PersonModel.findOne({ staffNumber }).lean()) ?? undefined

  it('says what each line would do, and writes nothing before it is applied', async () => {
    const [a, b] = [number(), number()]
    const unit = word()
    const id = await read(
      [a, 'Garnier', 'Noël', `${a}@exemple.fr`, 'Coast Delegation', 'Chef de bureau', 'formateur'],
      [b, 'Moreau', 'Ève', '', unit, '', ''],
      [number(), 'Sans', 'Adresse', 'pas-une-adresse', 'Paie', '', ''],
    )
    const shown = await show(id)
    expect(shown).to.include({ status: 'ready', lines: 3, newPosts: 1 })
    expect(shown.newUnits).to.deep.equal([unit])
    expect(shown.counts).to.include({ create: 2, refused: 1 })
    expect(shown.items[2].errors[0]).to.include({ code: 'imports:email-invalid', column: 'email' })
    expect(await personCalled(a)).to.equal(undefined)

    const applied = await apply(id)
    expect(applied).to.include({ status: 'applied', seen: 3 })
    expect(applied.counts).to.include({ create: 2, refused: 1 })
    const person = await personCalled(a)
    expect(person).to.include({ status: 'invited', unit: 'coast-delegation' })
    expect((await coordinator.get(`/people/${person?._id}`)).json).to.deep.include({
      name: 'Noël Garnier',
      unit: { id: 'coast-delegation', name: 'Coast delegation' },
    })
    const roles = (await admin.get('/admin/roles')).json.roles as { person: { id: string } }[]
    expect(roles.filter((role) => role.person.id === person?._id)).to.have.length(1)
    expect((await personCalled(b))?.units).to.have.length(2)
  })

  it('changes nothing the second time', async () => {
    const [a, b] = [number(), number()]
    const rows = [
      [a, 'Roux', 'Anne', `${a}@exemple.fr`, 'Coast Delegation', 'Agent', 'coach'],
      [b, 'Blanc', 'Léa', '', 'Coast Delegation', 'Agent', ''],
    ]
    await apply(await read(...rows))
    const before = await everything()
    const again = await read(...rows)
    expect(await outcomes(again)).to.deep.equal(['same', 'same'])
    await apply(again)
    expect(await everything()).to.deep.equal(before)
  })

  it('moves people on the day it says, and their coordinator sees it from that day on', async () => {
    const a = number()
    await apply(await read([a, 'Petit', 'Luc', '', 'Highlands Delegation', 'Agent', '']))
    const person = await personCalled(a)
    expect((await coordinator.get(`/people/${person?._id}`)).status).to.equal(404)
    const inAWeek = new Date(Number(now()) + 7 * day).toISOString().slice(0, 10)
    const file = csv(
      ['matricule', 'nom', 'prénom', 'courriel', 'service', 'poste', 'du'],
      [a, 'Petit', 'Luc', '', 'Coast Delegation', 'Agent', inAWeek],
    )
    const { json } = await sendFile(admin, file)
    expect(json.items[0]).to.include({ outcome: 'move' })
    await apply(json.id as string)
    expect((await coordinator.get(`/people/${person?._id}`)).status).to.equal(404)
    setClock(() => new Date(`${inAWeek}T00:10:00Z`))
    // Run rather than due: other files of the suite have moved the clock, and with it the job's next time.
    await followDates.run(undefined)
    expect((await coordinator.get(`/people/${person?._id}`)).status).to.equal(200)
    const career = (await coordinator.get(`/people/${person?._id}`)).json.career as unknown[]
    expect(career, 'the record stays').to.have.length(2)
    resetClock()
    expect(await outcomes((await sendFile(admin, file)).json.id)).to.deep.equal(['same'])
  })

  it('lets people leave on a day, keeps their record, and finds them when they come back', async () => {
    const a = number()
    await apply(
      await read([a, 'Faure', 'Inès', `${a}@exemple.fr`, 'Coast Delegation', 'Agent', '']),
    )
    const dated = (until: string): string =>
      csv(
        ['matricule', 'nom', 'prénom', 'courriel', 'service', "jusqu'au"],
        [a, 'Faure', 'Inès', `${a}@exemple.fr`, 'Coast Delegation', until],
      )
    const today = now().toISOString().slice(0, 10)
    const gone = (await sendFile(admin, dated(today))).json
    expect(gone.items[0]).to.include({ outcome: 'leave' })
    await apply(gone.id as string)
    const left = await personCalled(a)
    expect(left).to.include({ status: 'deactivated', institution: 'ispm' })
    expect(left?.unit).to.equal(undefined)
    expect((await sendFile(admin, dated(today))).json.counts).to.include({ same: 1 })
    const back = (await sendFile(admin, dated(''))).json
    expect(back.items[0]).to.include({ outcome: 'return' })
    await apply(back.id as string)
    const again = await personCalled(a)
    expect(again).to.include({ _id: left?._id, status: 'invited', unit: 'coast-delegation' })
    expect(again?.leavesAt).to.equal(undefined)
  })

  it('gives back an equal database when it is undone', async () => {
    const [a, b, c] = [number(), number(), number()]
    await apply(
      await read(
        [a, 'Bon', 'Ana', `${a}@exemple.fr`, 'Coast Delegation', 'Agent', ''],
        [b, 'Noir', 'Max', '', 'Coast Delegation', 'Agent', ''],
      ),
    )
    const before = await everything()
    const until = now().toISOString().slice(0, 10)
    const { json } = await sendFile(
      admin,
      csv(
        [...header, "jusqu'au"],
        [a, 'Bonnet', 'Ana', `${a}@ailleurs.fr`, 'Unité neuve', 'Chef', 'formateur', ''],
        [b, 'Noir', 'Max', '', 'Coast Delegation', '', '', until],
        [c, 'Neuf', 'Tom', '', 'Unité neuve', 'Agent', '', ''],
      ),
    )
    const applied = await apply(json.id as string)
    expect(applied.counts).to.include({ move: 1, leave: 1, create: 1 })
    expect(await everything()).to.not.deep.equal(before)
    expect(await undo(json.id as string)).to.include({ status: 'undone' })
    expect(await everything()).to.deep.equal(before)
  })

  it('is not undone once somebody has built on it, and says for whom', async () => {
    const [a, b] = [number(), number()]
    const id = await read(
      [a, 'Vert', 'Eva', '', 'Paie', '', ''],
      [b, 'Gris', 'Ali', '', 'Paie', '', ''],
    )
    await apply(id)
    await PersonModel.updateOne({ staffNumber: a }, { $set: { lastSignInAt: now() } })
    const refused = await admin.post(`/imports/${id}/undo`)
    expect(refused.status).to.equal(409)
    expect(refused.json).to.include({ code: 'imports:built-on' })
    expect(refused.json.detail).to.include('Eva Vert').and.not.include('Ali Gris')
    expect(refused.json.errors).to.have.length(1)
    await PersonModel.updateOne({ staffNumber: a }, { $unset: { lastSignInAt: 1 } })
    const post = { title: 'Guichet', altitude: 'operational', unit: 'coast-delegation' }
    const made = (await admin.post('/posts', post)).json
    const person = (await personCalled(b))?._id
    await admin.post(`/posts/${made.id}/holders`, { person })
    const moved = await admin.post(`/imports/${id}/undo`)
    expect(moved.json.errors[0]).to.include({ code: 'imports:moved-since' })
  })

  it('goes on where a crash left it, and does nothing twice', async () => {
    const people = Array.from({ length: 5 }, number)
    const id = await read(...people.map((a) => [a, 'Lot', a, '', 'Paie', 'Agent', 'coach']))
    await apply(id)
    const before = await everything()
    for (const job of [writeLines]) {
      await ImportModel.updateOne({ _id: id }, { $set: { status: 'applying' } })
      await RowModel.updateMany({ import: id }, { $set: { state: 'writing' } })
      await job.run({ import: id })
    }
    expect(await everything()).to.deep.equal(before)
    expect(await show(id)).to.include({ status: 'applied' })
    await undo(id)
    const gone = await everything()
    await ImportModel.updateOne({ _id: id }, { $set: { status: 'undoing' } })
    await RowModel.updateMany({ import: id }, { $set: { state: 'done' } })
    await takeBackLines.run({ import: id })
    expect(await everything()).to.deep.equal(gone)
  })

  it('hands out a recap that no spreadsheet runs', async () => {
    const a = number()
    const id = await read(
      [a, '=1+1', 'Zoé', '', 'Paie', '', ''],
      ['', 'Sans', 'Clé', '', 'Paie', '', ''],
    )
    await apply(id)
    const recap = await admin.get(`/imports/${id}?format=csv`)
    expect(recap.headers.get('content-type')).to.include('text/csv')
    expect(recap.text).to.include('Zoé =1+1').and.include('A staff number or an e-mail')
    const name = csv(header, [number(), 'X', '=cmd', '', 'Paie', '', ''])
    const other = (await sendFile(admin, name)).json.id as string
    await apply(other)
    expect((await admin.get(`/imports/${other}?format=csv`)).text).to.match(/,'=cmd X,/)
  })

  it('takes other columns, and takes them again the next time', async () => {
    const a = number()
    const [own, unit] = [word(), word()]
    const strange = csv([own, 'nom', 'prénom', 'courriel', 'Wo'], [a, 'Un', 'Deux', '', unit])
    const refused = await sendFile(admin, strange)
    expect(refused.json).to.include({ code: 'imports:no-key' })
    const named = await sendFile(admin, strange, { 'columns[staffNumber]': own })
    expect(named.status, named.text).to.equal(201)
    const id = named.json.id as string
    const columns = ['staffNumber', 'familyName', 'givenName', 'email', 'unit']
    expect((await admin.post(`/imports/${id}/columns`, { columns })).status).to.equal(204)
    expect((await show(id)).newUnits).to.deep.equal([unit])
    const again = await sendFile(admin, strange)
    expect(again.json.columns.map(({ field }: { field: string }) => field)).to.deep.equal(columns)
  })

  it('reads UTF-16 and tabs, and creates once however often a form is sent', async () => {
    const text = `matricule\tnom\tprénom\tcourriel\n${number()}\tLefèvre\tZoé\t\n`
    const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    const big = Buffer.from(little).swap16()
    const id = randomUUID()
    for (const bytes of [little, big]) {
      const { json, status } = await sendFile(admin, bytes, bytes === little ? { id } : {})
      expect(status).to.equal(201)
      expect(json.items[0].name).to.equal('Zoé Lefèvre')
      expect(json.separator).to.equal('\t')
    }
    expect((await sendFile(admin, little, { id })).status).to.equal(200)
  })

  /** All that imports may change, as it is kept: without what only ever grows, and what is counted. */
  async function everything(): Promise<unknown[]> {
    const names = [
      'people_persons',
      'people_rolegrants',
      'organisation_units',
      'organisation_posts',
    ]
    const all = await Promise.all(
      [...names, 'organisation_placements', 'people_role_grants'].map((name) =>
        nativeDatabase().collection(name).find({}).sort({ _id: 1 }).toArray(),
      ),
    )
    return all.flat().map(({ revision: _, unread: __, ...document }) => document)
  }
})
