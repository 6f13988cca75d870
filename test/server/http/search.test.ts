import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { up } from '../../../server/domain/organisation/migrations/2026-11-26-posts-found-by-words.js'
import { PostModel } from '../../../server/domain/organisation/models.js'
import { nativeDatabase } from '../../../server/platform/database.js'
import { withDemo, type Program, type TestApp } from '../../support/app.js'

describe('the search', function () {
  this.timeout(120_000)
  let palier: TestApp
  let coordinator: Program
  let learner: Program

  before(async () => {
    palier = await withDemo()
    coordinator = await palier.as('coordinator@demo.palier')
    learner = await palier.as('learner@demo.palier')
  })

  interface Group {
    readonly label: string
    readonly items: readonly { readonly title: string; readonly href: string }[]
  }
  const titles = async (program: Program, q: string): Promise<Record<string, string[]>> => {
    const { groups } = (await program.get(`/search?q=${encodeURIComponent(q)}`)).json as {
      groups: Group[]
    }
    return Object.fromEntries(
      groups.map(({ label, items }) => [label, items.map(({ title }) => title)]),
    )
  }

  it('finds people, courses, units, topics and help, by the beginnings of words', async () => {
    expect((await titles(coordinator, 'marchet'))['organisation:people.title']).to.deep.equal([
      'Leo Marchetti',
    ])
    expect((await titles(learner, 'plain let'))['learning:catalogue.title']).to.deep.equal([
      'Plain letters: decisions people understand',
    ])
    expect((await titles(learner, 'bellarive off'))['organisation:units.title']).to.deep.equal([
      'Bellarive office',
    ])
    expect((await titles(learner, 'keyboard'))['site-pages:titles.help']).to.include('Help')
  })

  it('finds a topic in the forums of those who belong to them, and for nobody else', async () => {
    const word = `quokka${randomUUID().slice(0, 6)}`
    const topic = { id: randomUUID(), title: `About ${word}`, text: 'Hello' }
    const forum = '/forums/unit:bellarive-office/topics'
    expect((await learner.post(forum, topic)).status).to.equal(201)
    expect((await titles(learner, word))['forum:nav']).to.deep.equal([topic.title])
    const stranger = await palier.as('trainer@demo.palier')
    expect(await titles(stranger, word)).to.deep.equal({})
  })

  it('finds nobody outside one’s scope, and needs a sign-in', async () => {
    const admin = await palier.as('admin@demo.palier')
    const familyName = `Zebedee${randomUUID().slice(0, 6)}`
    const email = `${randomUUID()}@demo.palier`
    const unit = 'highlands-delegation'
    await admin.post('/people', { givenName: 'Q', familyName, email, language: 'en', unit })
    expect(Object.keys(await titles(admin, familyName))).to.deep.equal([
      'organisation:people.title',
    ])
    for (const program of [coordinator, learner])
      expect(await titles(program, familyName)).to.deep.equal({})
    expect((await palier.anonymous.get('/search?q=leo')).status).to.equal(401)
  })

  it('finds a post by any of its titles, old ones too, for whoever manages it', async () => {
    const title = `Quartermaster ${randomUUID().slice(0, 6)}`
    const { json } = await coordinator.post('/posts', {
      ...{ title, unit: 'bellarive-office', altitude: 'operational' },
    })
    const group = 'organisation:posts.title'
    expect((await titles(coordinator, title))[group]).to.deep.equal([title])
    const elsewhere = await palier.as('siobhan.keane@demo.palier')
    for (const program of [learner, elsewhere])
      expect(await titles(program, title)).to.deep.equal({})
    expect((await elsewhere.get('/posts')).json.total).to.be.above(0)
    const none = await elsewhere.get(`/posts?q=${encodeURIComponent(title)}`, {
      accept: 'text/html',
    })
    expect(none.text).to.include('No post matches')
    const listed = (await coordinator.get(`/posts?q=${encodeURIComponent(title)}`)).json
    expect(listed.items.map(({ id }: { id: string }) => id)).to.deep.equal([json.id])
    await PostModel.updateOne(
      { _id: json.id },
      { $unset: { words: 1 }, $set: { titles: { fr: 'Intendant' } } },
    )
    expect(await titles(coordinator, title)).to.deep.equal({})
    await up(nativeDatabase())
    expect((await titles(coordinator, 'intendant'))[group]).to.deep.equal([title])
  })

  it('answers nothing to nothing, and is at hand on every page', async () => {
    for (const q of ['', '   ', '%$#', '.*'])
      expect(await titles(coordinator, q), q).to.deep.equal({})
    const page = await learner.get('/courses', { accept: 'text/html' })
    expect(page.text).to.match(/<form[^>]*action="\/search" role="search"/)
    const found = await learner.get('/search?q=letters', { accept: 'text/html' })
    expect(found.text).to.include('href="/courses/plain-letters"')
  })
})
