import { expect } from 'chai'
import { getDocumentProxy, extractText } from 'unpdf'
import { findPerson } from '../../../server/api.js'
import { personByEmail } from '../../../server/domain/people/people.js'
import {
  emptyDatabase,
  startTestApp,
  withDemo,
  type Program,
  type TestApp,
} from '../../../test/support/app.js'
import { CertificateModel } from '../models.js'
import { pdfOf } from '../pdf.js'

describe('the training record', function () {
  this.timeout(120_000)
  let palier: TestApp
  let manager: Program
  let id = ''
  let own = ''

  before(async () => {
    await startTestApp()
    await emptyDatabase()
    palier = await withDemo()
    manager = await palier.as('manager@demo.palier')
    id = (await personByEmail('manager@demo.palier'))?._id ?? ''
    own = `/people/${id}/record`
  })

  const certificates = async (program = manager): Promise<string[]> => {
    const { tables } = (await program.get(own)).json
    const [completed] = tables as { rows: { text: string }[][] }[]
    return (completed?.rows ?? []).map((row) => row.at(-1)?.text ?? '')
  }

  it('shows what was completed, what is under way, and levels, each with its figures', async () => {
    const { person, tables } = (await manager.get(own)).json
    expect(person).to.include({ name: 'Amara Delacourt' })
    const [completed, underWay, levels] = tables
    expect(completed.heading).to.match(/^1 course completed, .+ in all$/)
    expect(completed.rows[0][0].text).to.equal('Your first hundred days as a team leader')
    expect(underWay.heading).to.equal('Under way')
    expect(levels.rows.length).to.be.above(3)
  })

  it('is for oneself, one’s manager and coordinator, and for nobody else', async () => {
    for (const name of ['coordinator', 'admin'])
      expect((await (await palier.as(`${name}@demo.palier`)).get(own)).status, name).to.equal(200)
    for (const name of ['learner', 'trainer'])
      for (const path of [own, `${own}/file`])
        expect((await (await palier.as(`${name}@demo.palier`)).get(path)).status, name).to.equal(
          404,
        )
  })

  it('issues a certificate once for each completion, under a number nobody can guess', async () => {
    const [first, second] = await Promise.all([certificates(), certificates()])
    expect(first).to.deep.equal(second).and.to.have.length(1)
    expect(first[0]).to.match(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
    expect(await CertificateModel.countDocuments({ person: id })).to.equal(1)
  })

  it('says of a completion that was withdrawn that it counts no more, on the record and the certificate', async () => {
    const [number = ''] = await certificates()
    const certificate = await CertificateModel.findById(number).lean()
    const enrolment = `${id}|${certificate?.course ?? ''}`
    const admin = await palier.as('admin@demo.palier')
    const correct = (verdict: string) =>
      admin.post(`/enrolments/${encodeURIComponent(enrolment)}/corrections`, {
        ...{ cycle: 1, verdict, reason: 'Somebody else sat the test.' },
      })
    expect((await correct('does-not-count')).status).to.equal(201)
    const { tables } = (await manager.get(own)).json
    expect(tables[0].heading).to.match(/^Courses completed/)
    expect(tables[0].rows[0]).to.include('counts no more')
    const seen = await manager.get(`/certificates/${number}`)
    expect(seen.json.withdrawnAt).to.be.a('string')
    const page = await manager.get(`/certificates/${number}`, { accept: 'text/html' })
    expect(page.text).to.include('counts no more').and.not.to.include('This certificate is true')
    expect((await correct('counts')).status).to.equal(201)
    expect((await manager.get(`/certificates/${number}`)).json.withdrawnAt).to.equal(null)
  })

  it('confirms a certificate to whoever has the number while its owner lets it', async () => {
    const [number = ''] = await certificates()
    const path = `/certificates/${number}`
    const anybody = async (): Promise<number[]> => {
      const typed = number.toLowerCase().replaceAll('-', ' ')
      const paths = [path, `${path}/file`, `/certificates/${encodeURIComponent(typed)}`]
      return Promise.all(paths.map(async (one) => (await palier.anonymous.get(one)).status))
    }
    expect(await anybody()).to.deep.equal([404, 404, 404])
    const learner = await palier.as('learner@demo.palier')
    expect((await learner.post(`${path}/audience`, { public: 'yes' })).status).to.equal(404)
    expect((await manager.post(`${path}/audience`, { public: 'yes' })).status).to.equal(204)
    expect(await anybody()).to.deep.equal([200, 200, 200])
    const { json } = await palier.anonymous.get(path)
    expect(json).to.include({ name: 'Amara Delacourt', isOwn: false, number })
    expect(json.institution).to.match(/^Institute/)
    await manager.post(`${path}/audience`, { public: 'no' })
    expect(await anybody()).to.deep.equal([404, 404, 404])
  })

  it('is a tagged PDF that reads in order, in the reader’s language', async () => {
    const { language } = await findPerson(id)
    const bytes = await pdf(`${own}/file`)
    const document = await getDocumentProxy(bytes)
    const { text } = await extractText(document, { mergePages: true })
    expect(text).to.match(
      /Training record of Amara Delacourt.*1 course completed.*Your first hundred/s,
    )
    const page = await document.getPage(1)
    const roles = rolesIn(await page.getStructTree())
    expect(roles).to.include.members(['Document', 'H1', 'H2', 'Table', 'TR', 'TH', 'TD'])
    expect(await document.getMarkInfo()).to.include({ Marked: true })
    const { info } = await document.getMetadata()
    expect(info).to.include({ Title: 'Training record of Amara Delacourt', Language: language })
  })

  it('writes letters of every language of its readers', async () => {
    const name = 'Ọlásúnkànmí Ẹniọlá Ñandú Œuvré'
    const paper = { title: name, language: 'fr', lines: [], tables: [], foot: [] }
    const chunks: Uint8Array[] = []
    for await (const chunk of pdfOf(paper)) chunks.push(chunk)
    const { text } = await extractText(new Uint8Array(Buffer.concat(chunks)), { mergePages: true })
    expect(text.normalize('NFC')).to.include(name.normalize('NFC'))
  })

  async function pdf(path: string): Promise<Uint8Array> {
    const address = new URL(path, palier.url)
    const { token } = (await manager.post('/me/tokens', { label: 'file', days: 1 })).json
    const answer = await fetch(address, { headers: { authorization: `Bearer ${token as string}` } })
    expect(answer.headers.get('content-type')).to.equal('application/pdf')
    return new Uint8Array(await answer.arrayBuffer())
  }
})

interface Node {
  readonly type?: string
  readonly role?: string
  readonly children?: readonly Node[]
}

const rolesIn = ({ role, children = [] }: Node): string[] => [
  ...(role ? [role] : []),
  ...children.flatMap(rolesIn),
]
