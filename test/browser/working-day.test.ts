import { expect } from 'chai'
import { extractText, getDocumentProxy } from 'unpdf'
import { buildPackage } from '../../plugins/scorm/test/support/packages.js'
import { openMailbox, type Mailbox } from '../support/mailbox.js'
import { removeData, startPalier, type Palier } from '../support/palier.js'
import { needsPlugins } from '../support/plugins.js'
import { Visitor } from './support/visitor.js'

const title = 'L’accueil des usagers'
const reason = 'Réponses données par un collègue : la session est annulée.'

describe('a working day, in French', function () {
  this.timeout(300_000)
  this.retries(0)
  let palier: Palier
  let mailbox: Mailbox
  let trainer: Visitor
  let manager: Visitor
  let learner: Visitor
  let admin: Visitor
  let coordinator: Visitor
  let [course, step, newcomer] = ['', '', '']
  let lost = false

  beforeEach(function () {
    if (lost) this.skip()
  })
  afterEach(function () {
    lost ||= this.currentTest?.state === 'failed'
  })

  before(async function () {
    needsPlugins(this, 'scorm', 'records')
    mailbox = await openMailbox()
    palier = await startPalier({ env: { SMTP_URL: mailbox.smtpUrl } })
    const signIn = (who: string) => Visitor.signIn(palier, who, 'fr')
    trainer = await signIn('trainer')
    manager = await signIn('manager')
    learner = await signIn('learner')
    admin = await signIn('admin')
    coordinator = await signIn('coordinator')
  })
  after(async () => {
    await palier?.stop()
    await mailbox?.close()
    removeData()
  })

  it('the administrator imports the file of the staff office; two of its lines are wrong, and said', async () => {
    const { page } = admin
    await admin.visit('/imports/new')
    await admin.looksRight()
    await page.selectOption('[name=unit]', 'coast-delegation')
    await page.setInputFiles('[name=file]', {
      name: 'agents.csv',
      mimeType: 'text/csv',
      buffer: staff,
    })
    await page.click('main form .button--primary')
    await page.waitForURL('**/imports/*-*')
    await page.waitForSelector('form[action$="/apply"]')
    await admin.looksRight()
    expect(await page.innerText('section[aria-labelledby=standing]')).to.include('2 lignes')
    await page.click('a[href$="outcome=refused"]')
    await page.waitForURL('**outcome=refused')
    expect(await page.locator('tbody tr').count()).to.equal(2)
    expect(await page.innerText('tbody'))
      .to.match(/matricule/i)
      .and.match(/courriel|adresse/i)
    await page.click('form[action$="/apply"] button')
    await page.waitForSelector('form[action$="/undo"]', { timeout: 60_000 })
    await admin.looksRight()
    const found = await admin.json('/people?q=Noël+Brûlé')
    newcomer = found.items[0].id as string
    expect(found.items[0].unit.id).to.equal('bellarive-hospital')
    const recap = await page.request.get(`${page.url().replace(/\?.*/, '')}?format=csv`)
    expect(
      (await recap.text()).split('\r\n').filter((line) => line.includes('Refusé')),
    ).to.have.length(2)
  })

  it('the trainer has a course with a package', async () => {
    course = (await trainer.send('/courses', { title, language: 'fr', unit: 'ispm' })).id as string
    await trainer.visit(`/courses/${course}/edit`)
    await trainer.page.selectOption('#outcome-0', 'managerial:customer-service')
    await trainer.page.selectOption('#outcome-level-0', '4')
    await trainer.page.click('.learning-save .button--primary')
    await trainer.page.waitForSelector('.notice--good')
    await trainer.page.click('a[href$="activities/new?kind=package"]')
    await upload(trainer, 'accueil.zip')
    await trainer.page.waitForURL('**/activities/*-*')
    step = trainer.page.url().split('/activities/')[1] ?? ''
    await trainer.visit(`/courses/${course}/edit`)
    await trainer.page.click('form[action$="/publish"] button')
    await trainer.page.waitForURL(`**/courses/${course}`)
  })

  it('the coordinator assigns it to an agency, with a date', async () => {
    const { page } = coordinator
    await coordinator.visit('/assignments')
    await coordinator.looksRight()
    await coordinator.visit('/units/bellarive-office/assignments/new')
    await coordinator.looksRight()
    await page.selectOption('[name=course]', course)
    await page.fill('[name=due]', new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10))
    await page.click('main form .button--primary')
    await page.waitForURL('**/assignments/*')
    await coordinator.looksRight()
    await coordinator.until(
      async () => (await coordinator.json(new URL(page.url()).pathname)).total > 2,
    )
    await page.reload()
    expect(await page.innerText('main')).to.include(learner.name)
  })

  it('the manager sees on Monday who has not begun, and reminds with one click', async () => {
    const { page } = manager
    await manager.visit('/team')
    await manager.looksRight()
    const card = page.getByRole('region', { name: learner.name })
    expect(await card.innerText())
      .to.include(title)
      .and.include('pas commenc')
    await card.locator('li', { hasText: title }).locator('form[action$="/remind"] button').click()
    await page.waitForSelector('.notice--good')
    const { items } = await manager.json('/team')
    const line = items.find(
      ({ person }: { person: { name: string } }) => person.name === learner.name,
    )
    const owed = line.courses.find((one: { course: { id: string } }) => one.course.id === course)
    expect(owed.asked || owed.remindedOn !== null).to.equal(true)
  })

  it('she begins; the trainer replaces the faulty package while she is in the middle', async () => {
    await learner.visit('/')
    expect(await learner.page.innerText('main')).to.include(title)
    await learner.visit(`/learn/${step}`)
    await (await learner.content()).turnPage()
    await learner.page.waitForSelector('.scorm-player__saved[data-state=saved]')
    await trainer.visit(`/activities/${step}`)
    await trainer.looksRight()
    const versions = trainer.page.locator('section[aria-labelledby=versions]')
    expect(await versions.innerText()).to.match(/\b(1|une) personne/i)
    await versions.locator('[value=everyone]').check()
    await upload(trainer, 'accueil-corrige.zip', 'section[aria-labelledby=versions]')
    await trainer.until(
      async () => (await trainer.json(`/activities/${step}`)).versions.length === 2,
    )
    await learner.visit('/notifications')
    await learner.until(async () => {
      const { items } = await learner.json('/notifications')
      return items.some(({ kind }: { kind: string }) => kind === 'learning:restarted')
    })
  })

  it('she finishes on the new one, from its first page', async () => {
    await learner.visit(`/learn/${step}`)
    const content = await learner.content()
    expect(await content.place()).to.equal(1)
    await content.finish()
    await learner.page.waitForSelector('[data-scorm--player-target=finished]:not([hidden])')
    await learner.until(
      async () => (await learner.json(`/courses/${course}/progress`)).completed === true,
    )
  })

  it('the trainer corrects the completion; the record follows, and says who and why', async () => {
    const { person } = await learner.json('/me')
    await trainer.visit(`/courses/${course}/progress?person=${person.id}`)
    await trainer.page.click('a[href$="/corrections"]')
    await trainer.page.waitForURL('**/corrections')
    await trainer.looksRight()
    await trainer.page.click('main details summary')
    await trainer.page.check('[value=does-not-count]')
    await trainer.page.fill('[name=reason]', reason)
    await trainer.page.click('main details form .button--primary')
    await trainer.page.waitForSelector(`text=${reason}`)
    await trainer.looksRight()
    await learner.until(async () => (await levelOf(learner, person.id)) !== 4)
    await learner.visit(`/people/${person.id}/record`)
    await learner.looksRight()
  })

  it('she takes her record with her', async () => {
    const { person } = await learner.json('/me')
    const answer = await learner.page.request.get(`${palier.url}/people/${person.id}/record/file`)
    const paper = await getDocumentProxy(new Uint8Array(await answer.body()))
    const { text } = await extractText(paper, { mergePages: true })
    const said = text.replace(/\s+/g, ' ')
    expect(said).to.include(learner.name).and.include(title).and.include('ne compte plus')
  })

  it('somebody moves to another delegation: one coordinator loses her, the other gains her', async () => {
    const other = await Visitor.signIn(palier, 'siobhan.keane', 'fr')
    const path = `/people/${newcomer}`
    expect([await coordinator.status(path), await other.status(path)]).to.deep.equal([200, 404])
    await admin.visit(`${path}/edit`)
    await admin.looksRight()
    await admin.page.selectOption('[name=unit]', 'montalure-office')
    await admin.page.click('main form .button--primary')
    await admin.page.waitForURL(`**${path}`)
    expect([await coordinator.status(path), await other.status(path)]).to.deep.equal([404, 200])
    await other.visit('/people?q=Brûlé')
    await other.looksRight()
    expect(await other.page.innerText('tbody')).to.include('Noël Brûlé')
    const csv = await other.page.request.get(`${palier.url}/people?format=csv`)
    expect(await csv.text()).to.include('Noël Brûlé')
    const lost = await coordinator.page.request.get(`${palier.url}/people?format=csv`)
    expect(await lost.text()).not.to.include('Noël Brûlé')
  })
})

/** As Excel saves it in France: semicolons, Windows-1252. The fourth line has no key, the fifth no address that is one. */
const staff = Buffer.from(
  [
    'Matricule;Nom;Prénom;Courriel;Unité',
    'J-2001;Brûlé;Noël;noel.brule@exemple.fr;Hôpital de Bellarive',
    'J-2002;Lefèvre;Zoé;zoe.lefevre@exemple.fr;Hôpital de Bellarive',
    ';Sansclé;Éva;;Hôpital de Bellarive',
    'J-2004;Courriel;Faux;faux(arobase)exemple.fr;Hôpital de Bellarive',
    'J-2005;Garçon;Inès;;Hôpital de Bellarive',
  ].join('\r\n'),
  'latin1',
)

async function upload({ page }: Visitor, name: string, within = 'main'): Promise<void> {
  const buffer = await buildPackage({ title: name })
  await page.setInputFiles(`${within} [type=file]`, { name, mimeType: 'application/zip', buffer })
  await page.click(`${within} form[enctype] button:last-of-type`)
}

async function levelOf(visitor: Visitor, person: string): Promise<number | undefined> {
  const { competencies } = await visitor.json(`/people/${person}/competencies`)
  return competencies.find(
    (one: { competency: string }) => one.competency === 'managerial:customer-service',
  )?.level as number | undefined
}
