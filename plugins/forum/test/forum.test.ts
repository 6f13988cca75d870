import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import { createToken } from '../../../server/domain/people/tokens.js'
import { findPerson } from '../../../server/domain/people/people.js'
import { NotificationModel } from '../../../server/domain/notifications/models.js'
import { JobRunModel } from '../../../server/platform/jobs.js'
import { sweepAll } from '../../../server/platform/owed.js'
import { eventually } from '../../../test/server/learning/support/taking.js'
import { emptyDatabase, withDemo, type Program, type TestApp } from '../../../test/support/app.js'
import { PostModel, TopicModel } from '../models.js'

const forum = `/forums/${encodeURIComponent('unit:ispm')}/topics`
const page = { accept: 'text/html' }

describe('the forum', function () {
  this.timeout(180_000)
  let palier: TestApp
  let manager: Program
  let trainer: Program
  let learner: Program

  before(async () => {
    await withDemo()
    await emptyDatabase()
    palier = await withDemo()
    ;[manager, trainer, learner] = await Promise.all([
      palier.as('manager@demo.palier'),
      palier.as('trainer@demo.palier'),
      palier.as('learner@demo.palier'),
    ])
  })

  const idOf = async (program: Program): Promise<string> =>
    (await program.get('/me')).json.person.id
  const open = async (program: Program, title = 'A question'): Promise<string> => {
    const { status, json } = await program.post(forum, { title, text: 'What do **you** do?' })
    expect(status).to.equal(201)
    return json.id as string
  }
  const answer = (program: Program, topic: string, text = 'This.') =>
    program.post(`/topics/${topic}/posts`, { text })
  const told = (person: string, kind: string): Promise<number> =>
    NotificationModel.countDocuments({ person, kind: `forum:${kind}` }).exec()

  it('shows what the demo institution discusses', async () => {
    const { json } = await learner.get(forum)
    expect(json.total).to.be.above(2)
    expect(json.items[0]).to.include({ pinned: true })
    const posts = await learner.get('/topics/queue-first-hour/posts')
    expect(posts.json.items[0].text).to.include('**forty people**')
    expect(posts.json.total).to.equal(7)
    const shown = await learner.get('/topics/queue-first-hour/posts', page)
    expect(shown.text).to.include('<strong>forty people</strong>')
  })

  it('opens a topic and adds a post once, however often they are sent', async () => {
    const form = { id: randomUUID(), title: 'Once only', text: 'First' }
    expect((await manager.post(forum, form)).status).to.equal(201)
    expect((await manager.post(forum, form)).status).to.equal(200)
    const post = { id: randomUUID(), text: 'Second' }
    const path = `/topics/${form.id}/posts`
    expect((await trainer.post(path, post)).status).to.equal(201)
    expect((await trainer.post(path, post)).status).to.equal(200)
    expect((await learner.post(path, post)).status).to.equal(409)
    const { json } = await learner.get(path)
    expect(json.items.map(({ text }: { text: string }) => text)).to.deep.equal(['First', 'Second'])
    expect(json.topic).to.include({ posts: 2 })
    expect(json.topic.lastAuthor.id).to.equal(await idOf(trainer))
  })

  it('marks what is new to a reader, until the page says it was seen', async () => {
    const topic = await open(manager)
    const isNew = async (program: Program): Promise<boolean> =>
      (await program.get(`/topics/${topic}/posts`)).json.topic.unread as boolean
    expect(await isNew(manager), 'to its author').to.equal(false)
    expect(await isNew(learner)).to.equal(true)
    expect(await isNew(learner), 'looking at it changes nothing').to.equal(true)
    await learner.post(`/topics/${topic}/seen`)
    expect(await isNew(learner)).to.equal(false)
    await answer(trainer, topic)
    expect(await isNew(learner)).to.equal(true)
  })

  it('tells those who took part, once, and not the one who wrote', async () => {
    const topic = await open(manager, 'Who is told?')
    await answer(trainer, topic)
    const { json } = await answer(learner, topic)
    const [asked, taught, learnt] = await Promise.all([manager, trainer, learner].map(idOf))
    await everybodyTold()
    const about = (person = '') =>
      NotificationModel.countDocuments({ person, 'data.topic': topic }).exec()
    expect([await about(asked), await about(taught), await about(learnt)]).to.deep.equal([2, 1, 0])
    await PostModel.updateOne({ _id: json.id }, { $set: { owed: ['count', 'follow', 'tell'] } })
    await sweepAll()
    await everybodyTold()
    expect([await about(asked), await about(taught)]).to.deep.equal([2, 1])
  })

  it('does not make those follow again who stopped, and tells those who follow a forum', async () => {
    const person = await idOf(manager)
    const topic = await open(manager)
    await manager.post(`/topics/${topic}/subscription`, { follow: false })
    await answer(manager, topic, 'And yet I write.')
    await everybodyTold()
    const before = await told(person, 'answered')
    await answer(trainer, topic)
    await everybodyTold()
    expect(await told(person, 'answered')).to.equal(before)
    const opened = await told(person, 'opened')
    await manager.post(forum.replace(/topics$/, 'subscription'), { follow: true })
    await open(trainer, 'For all who follow')
    await everybodyTold()
    expect(await told(person, 'opened')).to.equal(opened + 1)
    await manager.post(forum.replace(/topics$/, 'subscription'), { follow: false })
  })

  it('brings a post to the pages that are open, to nobody who may not read it', async () => {
    const topic = await open(manager)
    const socket = await connect(palier, 'learner@demo.palier')
    expect(await socket.emitWithAck('join', `forum:topic:${topic}`)).to.equal(true)
    expect(await socket.emitWithAck('join', 'forum:topic:absent')).to.equal(false)
    const news = new Promise((done) => socket.once('forum:post', done))
    const { json } = await answer(trainer, topic)
    expect(await news).to.deep.equal({ post: json.id })
    socket.close()
  })

  it('is closed, pinned and tidied by those who may', async () => {
    const topic = await open(learner)
    const path = `/topics/${topic}`
    expect((await learner.patch(path, { closed: true })).status).to.equal(403)
    expect((await trainer.patch(path, { closed: true, pinned: true })).status).to.equal(204)
    const refused = await answer(learner, topic)
    expect([refused.status, refused.json.code]).to.deep.equal([409, 'forum:topic-closed'])
    expect((await answer(trainer, topic)).status).to.equal(201)

    const [post] = (await learner.get(`${path}/posts`)).json.items as [{ id: string }]
    const remove = `/forum-posts/${encodeURIComponent(post.id)}/remove`
    expect((await manager.post(remove)).status).to.equal(403)
    expect((await trainer.post(remove)).status).to.equal(204)
    const { json } = await learner.get(`${path}/posts`)
    expect(json.items[0]).to.include({ removed: true, text: '' })
    expect((await PostModel.findById(post.id).lean())?.text).to.equal('')
  })

  it('lets authors change what they wrote, and nobody else', async () => {
    const topic = await open(manager)
    const { json } = await answer(manager, topic, 'Frist')
    const path = `/forum-posts/${json.id}`
    expect((await trainer.patch(path, { text: 'Mine' })).status).to.equal(403)
    expect((await manager.patch(path, { text: 'First' })).status).to.equal(204)
    const posts = (await manager.get(`/topics/${topic}/posts`)).json.items
    expect(posts[1].text).to.equal('First')
    expect(posts[1].editedAt).to.be.a('string')
  })

  it('keeps a file that comes with a post, and only ever offers it for download', async () => {
    const topic = await open(manager)
    const form = new FormData()
    form.set('text', 'See the file')
    form.set(
      'attachment',
      new Blob(['<script>alert(1)</script>'], { type: 'text/html' }),
      'plan é.html',
    )
    const posted = await manager.send('POST', `/topics/${topic}/posts`, form, {
      accept: 'application/json',
    })
    expect(posted.status).to.equal(201)
    expect(posted.json.attachment).to.deep.equal({ name: 'plan é.html', size: 25 })
    const file = await learner.get(`/forum-posts/${posted.json.id}/attachment`)
    expect(file.text).to.equal('<script>alert(1)</script>')
    expect(file.headers.get('content-disposition')).to.match(/^attachment/)
    expect(file.headers.get('content-type')).to.match(/octet-stream/)
    const none = await learner.get(
      `/forum-posts/${encodeURIComponent(`${topic}:first`)}/attachment`,
    )
    expect(none.status).to.equal(404)
  })

  it('knows nothing of forums that are not there', async () => {
    for (const id of ['unit:absent', 'unit:', 'nonsense', 'toString:x', 'course:absent']) {
      const { status } = await manager.get(`/forums/${encodeURIComponent(id)}/topics`)
      expect(status, id).to.equal(404)
    }
  })

  it('has pages for each language, and shows a refused form again', async () => {
    const { units } = await findPerson(await idOf(manager))
    const topic = await open(manager)
    for (const path of ['/forums', forum, `/topics/${topic}/posts`, `/units/${units[0]}`]) {
      const { status, text } = await manager.get(path, page)
      expect(status, path).to.equal(200)
      expect(text, path).not.to.match(/forum:[a-z]+\.[a-z]/)
    }
    const form = { ...page, 'content-type': 'application/x-www-form-urlencoded' }
    const refused = await manager.send('POST', forum, 'title=x&text=kept+words', form)
    expect(refused.status).to.equal(422)
    expect(refused.text).to.include('kept words')
    expect(await TopicModel.countDocuments({ title: 'x' })).to.equal(0)
  })
})

async function connect({ url }: TestApp, email: string): Promise<Socket> {
  const authorization = `Bearer ${await createToken(email)}`
  const socket = io(url, { transports: ['websocket'], extraHeaders: { authorization } })
  await new Promise<void>((done, fail) => {
    socket.once('connect', done)
    socket.once('connect_error', fail)
  })
  return socket
}

/** Followers are told in the background. */
const everybodyTold = (): Promise<void> =>
  eventually(
    async () =>
      (await JobRunModel.exists({ job: 'forum:tell-followers', status: 'waiting' })) === null,
  )
