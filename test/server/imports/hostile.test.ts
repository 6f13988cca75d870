import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ImportModel, RowModel, SourceModel } from '../../../server/domain/imports/models.js'
import { changePreferences } from '../../../server/domain/people/own-account.js'
import { personByEmail } from '../../../server/domain/people/people.js'
import { JobRunModel } from '../../../server/platform/jobs.js'
import { actorOf, withDemo, type Program, type TestApp } from '../../support/app.js'
import { fixture, needsFixture } from '../../support/fixtures.js'
import { sendFile, type RowShown } from './support/files.js'

/** What Palier calls the refusals that the index proposes names for. */
const codes: Readonly<Record<string, string>> = {
  ROSTER_DUPLICATE: 'imports:duplicate',
  ROSTER_FIELD_TOO_LONG: 'imports:field-too-long',
  ROSTER_COLUMN_MISSING: 'imports:column-missing',
  ROSTER_ENCODING: 'imports:encoding',
  ROSTER_MALFORMED: 'imports:malformed',
  ROSTER_ROLE_FORBIDDEN: 'imports:role-forbidden',
  ROSTER_EMAIL_INVALID: 'imports:email-invalid',
  ROSTER_NOT_CSV: 'imports:not-csv',
  ROSTER_EMPTY: 'imports:empty',
}

/** What the index wants said, as each sentence has it. */
const said: Readonly<Record<string, readonly string[]>> = {
  'r05-duplicate-ids.csv': ['A0001', 'lignes 2 et 3'],
  'r06-million-char-field.csv': ['Ligne 2', 'colonne nom'],
  'r07-missing-column.csv': ['courriel'],
  'r08-nul-bytes.csv': ['ligne 2'],
  'r09-unclosed-quote.csv': ['ligne 2'],
  'r11-role-escalation.csv': ['superadmin', 'lignes 2 et 3'],
  'r14-mongo-operators.csv': ['ligne 2'],
  'r15-xlsx-renamed.csv': ['fichier Excel ; enregistrez en CSV'],
  'r17-email-duplicates-case.csv': ['lignes 2 et 3'],
}

interface Case {
  readonly file: string
  readonly expect: 'accept' | 'accept-inert' | 'reject' | 'either'
  readonly code?: string
}

const folder = fixture('hostile')
const cases: Case[] = folder
  ? (
      JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { cases: Case[] }
    ).cases.filter(({ file }) => file.startsWith('csv/'))
  : []

describe('files that are not what they should be', function () {
  this.timeout(300_000)
  let palier: TestApp
  let admin: Program

  before(async function () {
    needsFixture(this, 'hostile/index.json')
    palier = await withDemo()
    admin = await palier.as('admin@demo.palier')
    const { _id = '' } = (await personByEmail('admin@demo.palier')) ?? {}
    await changePreferences(await actorOf(_id), { language: 'fr' })
  })
  after(async () => {
    if (!folder) return
    const person = await personByEmail('admin@demo.palier')
    if (person) await changePreferences(await actorOf(person._id), { language: 'en' })
  })

  const read = (file: string): Buffer => readFileSync(join(folder ?? '', file))
  const left = async (): Promise<number[]> =>
    Promise.all([
      ImportModel.countDocuments({}),
      RowModel.countDocuments({}),
      SourceModel.countDocuments({}),
      JobRunModel.countDocuments({ job: /^imports:/ }),
    ])
  const rowsOf = async (id: string): Promise<RowShown[]> =>
    (await admin.get(`/imports/${id}`)).json.items as RowShown[]

  for (const { file, code } of cases.filter((one) => one.expect === 'reject')) {
    it(`refuses ${file}, says why in the reader’s language, and keeps nothing`, async () => {
      const before = await left()
      const answer = await sendFile(admin, read(file))
      expect(answer.status).to.equal(422)
      expect(answer.json).to.include({ code: codes[code ?? ''] })
      for (const words of said[file.slice(4)] ?? []) expect(answer.json.detail).to.include(words)
      expect(await left()).to.deep.equal(before)
      const again = await sendFile(admin, read(file))
      expect({ ...again.json, requestId: '' }).to.deep.equal({ ...answer.json, requestId: '' })
    })
  }

  for (const { file } of cases.filter((one) => one.expect !== 'reject')) {
    if (file.includes('20k') || file.includes('r13')) continue
    it(`reads ${file}`, async () => {
      const { status, json } = await sendFile(admin, read(file))
      expect(status).to.equal(201)
      expect(json).to.include({ status: 'ready' })
      expect(json.counts.refused).to.equal(0)
    })
  }

  it('keeps names exactly, whatever the encoding', async () => {
    const { json } = await sendFile(admin, read('csv/r02-excel-fr-latin1-semicolon.csv'))
    expect(json).to.include({ encoding: 'windows-1252', separator: ';' })
    expect((await rowsOf(json.id)).map(({ name }) => name)).to.deep.equal([
      'Zoé Lefèvre',
      'Noël Ça',
    ])
    const marked = await sendFile(admin, read('csv/r03-utf8-bom-crlf.csv'))
    expect(marked.json.columns[0]).to.deep.equal({ header: 'matricule', field: 'staffNumber' })
  })

  it('keeps what a spreadsheet would run as it stands', async () => {
    const { json } = await sendFile(admin, read('csv/r04-formula-injection.csv'))
    const rows = await rowsOf(json.id)
    expect(rows[0]?.name).to.equal('Prénom1 =HYPERLINK("http://x","clic")')
    expect(rows[2]?.name).to.equal('Prénom3 -2+3')
  })

  it('reads a name with a line break as one person, and leaves unknown columns out', async () => {
    const { json } = await sendFile(admin, read('csv/r10-quoted-newlines.csv'))
    const rows = await rowsOf(json.id)
    expect(rows.map(({ name, line }) => [name, line])).to.deep.equal([['Jean "Jo" Nom composé', 2]])
    const foreign = await sendFile(admin, read('csv/r12-proto-header.csv'))
    expect(foreign.json.columns.slice(6)).to.deep.equal([
      { header: '__proto__', field: null },
      { header: 'constructor', field: null },
    ])
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined)
  })

  it('shows what looks like HTML as text', async () => {
    // The file of the corpus opens a quote that it never closes: it may be refused, and is.
    const file = read('csv/r13-script-names.csv')
    expect((await sendFile(admin, file)).json).to.include({ code: 'imports:malformed' })
    const mended = file.toString().replace('"><svg onload=__pwn=1>', '"""><svg onload=__pwn=1>"')
    const { json } = await sendFile(admin, mended)
    const page = await admin.get(`/imports/${json.id}`, { accept: 'text/html' })
    expect(page.text).to.include('&lt;script&gt;').and.not.include('<script>window')
    expect(page.text).to.not.include('<svg onload')
  })
})
