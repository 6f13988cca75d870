import { expect } from 'chai'
import { emptyDatabase, startTestApp, withDemo, type Program } from '../../support/app.js'

describe('the catalogue', function () {
  this.timeout(180_000)
  let trainer: Program
  let learner: Program

  before(async () => {
    // Lists are compared whole: what other files made in the suite's database would be in them.
    await startTestApp()
    await emptyDatabase()
    const palier = await withDemo()
    ;[trainer, learner] = await Promise.all([
      palier.as('trainer@demo.palier'),
      palier.as('learner@demo.palier'),
    ])
  })

  const ids = async (query: string, program = learner): Promise<string[]> =>
    (await program.get(`/courses?${query}`)).json.items.map(({ id }: { id: string }) => id)

  it('holds what is published, by title, with what it gives', async () => {
    const { json } = await learner.get('/courses')
    const titles = json.items.map(({ title }: { title: string }) => title)
    expect(titles).to.deep.equal([...titles].sort())
    expect(json.total).to.equal(titles.length)
    const letters = json.items.find(({ id }: { id: string }) => id === 'plain-letters')
    expect(letters).to.deep.include({ minutes: 90, steps: 3, language: 'en' })
    expect(letters.outcomes[0]).to.deep.include({ level: 3, title: 'Effective communication' })
    expect(await ids('')).not.to.include('claim-to-payment')
  })

  it('finds courses by the beginnings of words, without accents', async () => {
    expect(await ids('q=proced%20equip')).to.deep.equal(['changing-a-procedure'])
    expect(await ids('q=refusals'), 'a keyword').to.deep.equal(['plain-letters'])
    expect(await ids('q=zebra')).to.deep.equal([])
  })

  it('filters by competency, language and length', async () => {
    expect(await ids('competency=managerial:partnership-building')).to.deep.equal([
      'agreements-that-hold',
    ])
    expect(await ids('language=fr&q=diversite')).to.deep.equal(['welcoming-everyone'])
    const { items } = (await learner.get('/courses?duration=short')).json
    for (const { minutes } of items) expect(minutes).to.be.at.most(30)
    expect(await ids('duration=short')).not.to.include('plain-letters')
    expect(await ids('duration=medium')).to.include('plain-letters')
    expect((await learner.get('/courses?duration=ages')).status).to.equal(422)
  })

  it('shows a person what is theirs, and a trainer the drafts', async () => {
    const { status } = await learner.post('/courses/changing-a-procedure/enrolments')
    expect(status).to.be.oneOf([200, 201])
    expect(await ids('mine=active')).to.include('changing-a-procedure')
    expect(await ids('mine=new')).not.to.include('changing-a-procedure')
    expect(await ids('mine=written', trainer)).to.include('claim-to-payment')
    expect(await ids('mine=written')).to.deep.equal([])
  })
})
