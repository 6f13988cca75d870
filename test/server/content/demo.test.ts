import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { readCourseFile, readDemo } from '../../../content/demo/demo.js'
import type { FrameworkSource } from '../../../content/framework/schema.js'
import { shippedModules } from '../../../content/modules.js'
import { holdersToday, manager, unitsAbove } from './demo-lookups.js'

const frameworkFolder = new URL('../../../content/framework/', import.meta.url)

const fixedAccounts = ['admin', 'trainer', 'coordinator', 'manager', 'learner']

const frameworks = readdirSync(frameworkFolder)
  .filter((file) => file.endsWith('.json'))
  .map(
    (file) => JSON.parse(readFileSync(new URL(file, frameworkFolder), 'utf8')) as FrameworkSource,
  )

const idsOf = (list: readonly { id: string }[]) => new Set(list.map(({ id }) => id))

const missing = (used: readonly string[], known: ReadonlySet<string>) =>
  used.filter((id) => !known.has(id))

const repeated = (values: readonly string[]) =>
  values.filter((value, index) => values.indexOf(value) !== index)

describe('the demo institution', () => {
  const demo = readDemo()
  const people = idsOf(demo.people)
  const units = idsOf(demo.institution.units)
  const posts = idsOf(demo.posts)
  const courses = new Map(demo.courses.map((course) => [course.id, course]))
  const competencies = new Set(
    frameworks.flatMap(({ id, competencies: list }) => list.map((item) => `${id}:${item.id}`)),
  )
  const profiles = new Map<string, string>(
    frameworks.flatMap(({ id, profiles: list }) =>
      list.map((item) => [`${id}:${item.id}`, item.altitude] as const),
    ),
  )
  const byEmail = (account: string) =>
    demo.people.find(({ email }) => email === `${account}@demo.palier`)?.id ?? ''

  describe('its units', () => {
    it('hang on one root, so that every unit is reached', () => {
      const [root, ...others] = demo.institution.units
      expect(root?.parent).to.equal(null)
      for (const { id } of others) expect(unitsAbove(demo, id).at(-1), id).to.equal(root?.id)
    })

    it('are a dozen, three of them delegations', () => {
      expect(demo.institution.units.length).to.be.within(11, 14)
      expect(demo.institution.units.filter(({ kind }) => kind === 'delegation')).to.have.length(3)
    })
  })

  describe('its people', () => {
    it('are about sixty, each with an id, an address and a language of their own', () => {
      expect(demo.people.length).to.be.within(55, 70)
      expect(repeated(demo.people.map(({ id }) => id))).to.deep.equal([])
      expect(repeated(demo.people.map(({ email }) => email))).to.deep.equal([])
      for (const language of ['en', 'fr', 'es'])
        expect(demo.people.filter((person) => person.language === language)).to.have.length.above(9)
    })

    it('include the fixed accounts, at work today', () => {
      for (const account of fixedAccounts) {
        const id = byEmail(account)
        expect(people.has(id), account).to.equal(true)
        expect(
          demo.posts.some((post) => holdersToday(post).includes(id)),
          account,
        ).to.equal(true)
      }
    })

    it('hold a post today unless they have left, and none once they have', () => {
      const working = new Set(demo.posts.flatMap((post) => holdersToday(post)))
      for (const { id, status } of demo.people)
        expect(working.has(id), id).to.equal(status === 'active')
    })

    it('put the learner in the team of the manager, and both under the coordinator', () => {
      expect(manager(demo, byEmail('learner'))).to.equal(byEmail('manager'))
      const grant = demo.roles.find(
        ({ person, role }) => person === byEmail('coordinator') && role === 'coordinator',
      )
      for (const account of ['learner', 'manager']) {
        const post = demo.posts.find((one) => holdersToday(one).includes(byEmail(account)))
        expect(unitsAbove(demo, post?.unit ?? '')).to.include(grant?.unit)
      }
    })
  })

  describe('its posts', () => {
    it('name units, people, posts and profiles that exist, at the altitude of the profile', () => {
      for (const post of demo.posts) {
        expect(units.has(post.unit), post.id).to.equal(true)
        expect(profiles.get(post.profile), post.id).to.equal(post.altitude)
        expect(post.reportsTo === null || posts.has(post.reportsTo), post.id).to.equal(true)
        const held = post.holders.map(({ person }) => person)
        expect(missing(held, people), post.id).to.deep.equal([])
        const former = (post.formerlyReportedTo ?? []).map((line) => line.post)
        expect(missing(former, posts), post.id).to.deep.equal([])
      }
      expect(repeated(demo.posts.map(({ id }) => id))).to.deep.equal([])
    })

    it('report upward to one head without a circle', () => {
      const reportsTo = new Map(demo.posts.map((post) => [post.id, post.reportsTo]))
      for (const { id } of demo.posts) {
        const seen = new Set<string>()
        let at: string | null | undefined = id
        while (at && !seen.has(at)) at = reportsTo.get(seen.add(at) && at)
        expect(at, id).to.equal(null)
      }
      expect(demo.posts.filter((post) => post.reportsTo === null)).to.have.length(1)
    })

    it('have periods that run forward, and one holder at most at a time', () => {
      for (const post of demo.posts) {
        const holders = post.holders.filter((holder) => holder.as === 'holder')
        for (const [index, { fromDaysAgo, toDaysAgo }] of holders.entries()) {
          expect(fromDaysAgo, post.id).to.be.above(toDaysAgo ?? -1)
          const next = holders[index + 1]
          if (next) expect(toDaysAgo ?? 0, post.id).to.be.above(next.fromDaysAgo)
        }
      }
    })

    it('show a vacancy, a deputy, a previous holder and a changed reporting line', () => {
      const { posts: all } = demo
      expect(all.some((post) => holdersToday(post).length === 0)).to.equal(true)
      expect(all.some(({ holders }) => holders.some(({ as }) => as === 'deputy'))).to.equal(true)
      expect(all.some(({ holders }) => holders.length > 1)).to.equal(true)
      expect(all.some((post) => post.formerlyReportedTo)).to.equal(true)
    })
  })

  it('grants roles to known people over known units, and coordinators in two delegations', () => {
    expect(
      missing(
        demo.roles.map(({ person }) => person),
        people,
      ),
    ).to.deep.equal([])
    expect(
      missing(
        demo.roles.map(({ unit }) => unit),
        units,
      ),
    ).to.deep.equal([])
    const today = demo.roles.filter((one) => one.toDaysAgo === undefined)
    const delegations = idsOf(demo.institution.units.filter(({ kind }) => kind === 'delegation'))
    const coordinators = today.filter(
      ({ role, unit }) => role === 'coordinator' && delegations.has(unit),
    )
    expect(new Set(coordinators.map(({ unit }) => unit)).size).to.be.at.least(2)
    for (const [account, role] of [
      ['admin', 'administrator'],
      ['trainer', 'trainer'],
      ['coordinator', 'coordinator'],
    ] as const)
      expect(today.some((one) => one.person === byEmail(account) && one.role === role)).to.equal(
        true,
      )
  })

  describe('its courses and enrolments', () => {
    it('teach known competencies, with files that exist and pages worth reading', () => {
      for (const { id, outcomes, activities, prerequisites, trainers } of demo.courses) {
        const taught = outcomes.map(({ competency }) => competency)
        expect(missing(taught, competencies), id).to.deep.equal([])
        expect(missing(prerequisites, new Set(courses.keys())), id).to.deep.equal([])
        expect(missing(trainers, people), id).to.deep.equal([])
        for (const activity of activities) {
          if (activity.kind === 'package') expect(shippedModules()).to.include(activity.module)
          if (!('file' in activity)) continue
          const words = readCourseFile(activity.file).toString().split(/\s+/).length
          if (activity.kind === 'page') expect(words, activity.file).to.be.within(300, 600)
        }
      }
    })

    it('enrol known people once in courses that were published by then', () => {
      expect(repeated(demo.enrolments.map(({ id }) => id))).to.deep.equal([])
      for (const { id, person, course, enrolledDaysAgo, enrolledBy } of demo.enrolments) {
        expect(missing([person, enrolledBy ?? person], people), id).to.deep.equal([])
        expect(enrolledDaysAgo, id).to.be.below(courses.get(course)?.publishedDaysAgo ?? 0)
      }
    })

    it('count as completed when every activity was done, between enrolment and completion', () => {
      for (const enrolment of demo.enrolments) {
        const activities = courses.get(enrolment.course)?.activities ?? []
        const known = idsOf(activities)
        expect(
          missing(
            enrolment.progress.map((one) => one.activity),
            known,
          ),
        ).to.deep.equal([])
        const done = enrolment.progress.filter(({ status }) => status === 'completed')
        const complete = done.length === activities.length
        expect(enrolment.status === 'completed', enrolment.id).to.equal(complete)
        expect(enrolment.completedDaysAgo !== undefined, enrolment.id).to.equal(complete)
        for (const { daysAgo } of enrolment.progress)
          expect(daysAgo, enrolment.id).to.be.within(
            enrolment.completedDaysAgo ?? 0,
            enrolment.enrolledDaysAgo,
          )
      }
    })
  })

  it('assigns published courses to people who are enrolled in them, some of them late', () => {
    const enrolled = new Set(demo.enrolments.map(({ person, course }) => `${person} ${course}`))
    for (const { id, course, by, people: named = [], posts: wanted = [] } of demo.assignments) {
      expect(courses.get(course)?.status, id).to.equal('published')
      expect(missing([by, ...named], people), id).to.deep.equal([])
      const holders = demo.posts.filter((post) => wanted.includes(post.id)).flatMap(holdersToday)
      for (const person of [...named, ...holders])
        expect(enrolled.has(`${person} ${course}`), `${id}, ${person}`).to.equal(true)
    }
    expect(demo.assignments.some(({ dueInDays }) => dueInDays < 0)).to.equal(true)
  })

  describe('its evidence', () => {
    it('names known people, competencies and courses', () => {
      const { evidence } = demo
      expect(
        missing(
          evidence.map(({ person }) => person),
          people,
        ),
      ).to.deep.equal([])
      expect(
        missing(
          evidence.map((one) => one.competency),
          competencies,
        ),
      ).to.deep.equal([])
      const authors = evidence.flatMap(({ author }) => author ?? [])
      expect(missing(authors, people)).to.deep.equal([])
      for (const { author, person } of evidence) expect(author).not.to.equal(person)
    })

    it('holds one entry per outcome of each completed enrolment, and no other', () => {
      const due = demo.enrolments
        .filter(({ status }) => status === 'completed')
        .flatMap(({ person, course, completedDaysAgo }) =>
          (courses.get(course)?.outcomes ?? []).map(({ competency, level }) =>
            [person, course, competency, level, completedDaysAgo].join(' '),
          ),
        )
      const found = demo.evidence
        .filter(({ course }) => course)
        .map((one) => [one.person, one.course, one.competency, one.level, one.daysAgo].join(' '))
      expect(found.sort()).to.deep.equal(due.sort())
    })

    it('leaves nobody at work without any', () => {
      const known = new Set(demo.evidence.map(({ person }) => person))
      for (const { id, status } of demo.people)
        if (status === 'active') expect(known.has(id), id).to.equal(true)
    })

    it('leaves the learner a gap in customer service, so that a course can close it', () => {
      const levels = demo.evidence
        .filter(({ person, kind }) => person === byEmail('learner') && kind !== 'self')
        .filter(({ competency }) => competency === 'managerial:customer-service')
        .map(({ level }) => level)
      expect(Math.max(...levels)).to.be.below(4)
    })
  })

  it('has forum topics of people who may take part, post after post', () => {
    const enrolled = new Set(demo.enrolments.map(({ person, course }) => `${person} ${course}`))
    for (const { id, place, posts: entries } of demo.forum) {
      const days = entries.map(({ daysAgo }) => daysAgo)
      expect(days, id).to.deep.equal([...days].sort((one, other) => other - one))
      for (const { author } of entries) {
        expect(people.has(author), `${id}, ${author}`).to.equal(true)
        if ('unit' in place) {
          const post = demo.posts.find((one) => holdersToday(one).includes(author))
          const below = unitsAbove(demo, post?.unit ?? '')
          expect(below, `${id}, ${author}`).to.include(place.unit)
        } else {
          const trains = courses.get(place.course)?.trainers.includes(author)
          const takesPart = trains || enrolled.has(`${author} ${place.course}`)
          expect(takesPart, `${id}, ${author}`).to.equal(true)
        }
      }
    }
  })
})
