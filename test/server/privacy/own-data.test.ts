import { expect } from 'chai'
import { PersonModel } from '../../../server/domain/people/models.js'
import { createToken } from '../../../server/domain/people/tokens.js'
import { personByEmail } from '../../../server/domain/people/people.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'
import { unzipped } from '../../support/archives.js'

describe('a copy of one’s own data', function () {
  this.timeout(120_000)
  let palier: TestApp
  let manager: Program
  let files: Map<string, Buffer>

  before(async () => {
    palier = await withDemo()
    manager = await palier.as('manager@demo.palier')
    const form = new FormData()
    form.set('text', 'With the table of hours.')
    form.set('attachment', new Blob(['a;b\n1;2\n'], { type: 'text/csv' }), 'hours.csv')
    const topic = '/topics/conges-ete-guichet/posts'
    const headers = { accept: 'application/json' }
    expect((await manager.send('POST', topic, form, headers)).status).to.equal(201)
    files = await unzipped(await exported())
  })

  const exported = async (email = 'manager@demo.palier'): Promise<Buffer> => {
    const token = await createToken(email)
    const answer = await fetch(`${palier.url}/me/data/export`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('content-disposition')).to.match(/palier-\d{4}-\d\d-\d\d\.zip/)
    return Buffer.from(await answer.arrayBuffer())
  }
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers as they come
  const records = (model: string): any[] =>
    JSON.parse(files.get(`data/${model}.json`)?.toString() ?? '[]')

  it('holds every kind of record, and of each only what is the person’s', async () => {
    const { _id } = (await personByEmail('manager@demo.palier')) ?? { _id: '' }
    expect(records('people.Person')).to.have.length(1)
    expect(records('people.Person')[0]).to.include({ _id, email: 'manager@demo.palier' })
    expect(records('learning.Enrolment').length).to.be.above(1)
    for (const { person } of records('learning.Enrolment')) expect(person).to.equal(_id)
    for (const { holders } of records('organisation.Post'))
      for (const { person } of holders) expect(person).to.equal(_id)
    for (const { author } of records('forum.Post')) expect(author).to.equal(_id)
  })

  it('holds no secret, in no file', async () => {
    const { passwordHash } = (await PersonModel.findOne({ email: 'manager@demo.palier' })) ?? {}
    const all = [...files.values()].map(String).join('\n')
    expect(passwordHash).to.be.a('string')
    expect(all).not.to.include(passwordHash).and.not.to.include('$argon2')
    expect(records('people.Token')[0]).to.have.property('label').and.not.property('hash')
  })

  it('has a page to read in the person’s language, and the files that were attached', async () => {
    const french = { language: 'fr', status: 'active', unit: 'bellarive-office' } as const
    const { email } = (await PersonModel.findOne(french)) ?? {}
    const page = (await unzipped(await exported(email))).get('index.html')?.toString() ?? ''
    expect(page).to.include('<html lang="fr">').and.to.include('Données conservées au sujet de')
    expect(page)
      .to.include('<h2>Inscriptions</h2>')
      .and.to.match(/<\/html>\s*$/)
    for (const end of ['</body>', '</html>']) expect(page.split(end), end).to.have.length(2)
    const [attached] = [...files].filter(([name]) => name.endsWith('-hours.csv'))
    expect(attached?.[1].toString()).to.equal('a;b\n1;2\n')
  })

  it('is shown beforehand, kind by kind, and is nobody’s without signing in', async () => {
    const { kinds } = (await manager.get('/me/data')).json
    const labels = kinds.map(({ label }: { label: string }) => label)
    expect(labels).to.include.members(['people:personal.person', 'learning:personal.enrolment'])
    for (const path of ['/me/data', '/me/data/export'])
      expect((await palier.anonymous.get(path)).status, path).to.equal(401)
  })
})
