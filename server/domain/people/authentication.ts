import MongoStore from 'connect-mongo'
import type { Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy } from 'passport-local'
import type { Config } from '../../config.js'
import { AppError, Unauthenticated } from '../../errors.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { now } from '../../platform/clock.js'
import { databaseClient, nativeDatabase } from '../../platform/database.js'
import { disconnectSession } from '../../platform/realtime.js'
import { tellOfTries } from './account-mail.js'
import { actorFrom, holdingOf } from './actors.js'
import { normalisedEmail } from './describing.js'
import { hashOf } from './hashing.js'
import { countTry, forgetTries, isPassed, takeBack, type Counted } from './limits.js'
import { offerApp } from './factors/own-factors.js'
import { nextStep, type NextStep } from './factors/standing.js'
import { PersonModel, SessionModel, type Held, type Person, type Waiting } from './models.js'
import { isPassword } from './passwords/passwords.js'
import { findPerson, peopleByStaffNumber, personByEmail } from './people.js'
import { currentSession, tellEnded, touch } from './sessions.js'
import { bearer } from './tokens.js'

declare module 'express-session' {
  interface SessionData {
    held: Held
    address: string
    agent: string
    signedInAt: Date
    confirmedAt: Date
    secondFactor: boolean
    supportView: Id
    waiting: Waiting
    lastModified: Date
  }
}

const lifetime = 14 * 86_400_000
/** How long the second step waits for whoever has shown a password. */
const patience = 10 * 60_000

let sessions: RequestHandler | undefined
let cookieName = 'sid'

/** Keeps sessions in the connected database. Called once the database is open, before the first request. */
export function useSessions({
  sessionSecret,
  publicUrl,
}: Pick<Config, 'sessionSecret' | 'publicUrl'>): void {
  const secure = publicUrl.startsWith('https:')
  cookieName = secure ? '__Host-sid' : 'sid'
  sessions = session({
    name: cookieName,
    secret: sessionSecret,
    store: sessionStore(),
    resave: false,
    saveUninitialized: false,
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: lifetime },
  })
}

/** Name of the session cookie. */
export const sessionCookie = (): string => cookieName

/**
 * Who sends a request: by its token when there is an `Authorization` header (then the cookie is never read, and a bad
 * token is `Unauthenticated`), else by its session; nobody otherwise.
 */
export async function authenticate(req: Request, res: Response): Promise<Actor | undefined> {
  const authorization = req.get('authorization')
  if (authorization !== undefined) return byHeader(authorization, res)
  if (!req.headers.cookie?.includes(`${cookieName}=`)) return undefined
  await openSession(req, res)
  const { held, lastModified, secondFactor = false, supportView } = req.session
  if (!held) return undefined
  const id = hashOf(req.sessionID)
  await touch(id, lastModified)
  const actor = actorFrom(await currentSession(id, held), id)
  return { ...actor, secondFactor, ...(supportView && { supportView }) }
}

/** Who showed a right password, and what comes next: a password of one's own after a letter's, or a `NextStep`. */
export interface Admitted {
  readonly person: Person
  readonly step: NextStep | 'choose-password'
}

/**
 * Signs in with an address or a staff number, and a password, in a new session. Answers nobody when they do not
 * match; and whoever used a letter's first password as invited, without a session: another is to be chosen first.
 * Whoever is to prove or set up a second factor has a session that only waits for it, and is nobody elsewhere.
 */
export async function signIn(
  req: Request,
  res: Response,
  next: string,
): Promise<Admitted | undefined> {
  const tries = triesOf(req)
  await count(tries)
  await openSession(req, res)
  const person = await byPassword(req, res)
  if (!person) return undefined
  await forgetTries(...tries.filter(([name]) => name === 'sign-in-pair'))
  await takeBack(...tries.filter(([name]) => name === 'sign-in-institution'))
  if (person.status !== 'active') return { person, step: 'choose-password' }
  return { person, step: await admit(req, person, next) }
}

/** Admits somebody who proved who they are in another way, such as a mailed link; a second factor is asked for all the same. */
export async function startSessionFor(
  req: Request,
  res: Response,
  person: Person,
): Promise<NextStep> {
  await openSession(req, res)
  return admit(req, person, '/')
}

/** Who has shown a password within ten minutes and is asked for more; nobody where no session waits. */
export async function waitingHere(req: Request, res: Response): Promise<Waiting | undefined> {
  if (!req.headers.cookie?.includes(`${cookieName}=`)) return undefined
  await openSession(req, res)
  const { waiting } = req.session
  return waiting && Number(now()) - Number(waiting.since) < patience ? waiting : undefined
}

/** Lets in whoever waited and has proven a second factor, in another session. */
export async function finishSignIn(req: Request, { person }: Waiting): Promise<void> {
  const found = await findPerson(person)
  if (found.status !== 'active') throw new Unauthenticated('people:wrong-credentials')
  await startSession(req, await holdingOf(found), true)
}

/** Ends this session, wherever its cookie was copied to. Without one it does nothing. */
export async function signOut(req: Request, res: Response): Promise<void> {
  if (req.get('authorization') !== undefined) return
  await openSession(req, res)
  const ended = hashOf(req.sessionID)
  await called((done) => req.session.destroy(done))
  disconnectSession(ended)
  await tellEnded({ session: ended })
  res.clearCookie(cookieName, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: cookieName !== 'sid',
  })
}

async function byHeader(authorization: string, res: Response): Promise<Actor> {
  try {
    return await bearer(authorization)
  } catch (error) {
    if (error instanceof AppError && error.status === 401) res.set('WWW-Authenticate', 'Bearer')
    throw error
  }
}

/** The database knows a session by a hash: whoever reads the database cannot ride on one. */
function sessionStore(): MongoStore {
  const store = MongoStore.create({
    client: databaseClient(),
    dbName: nativeDatabase().databaseName,
    collectionName: SessionModel.collection.collectionName,
    stringify: false,
    autoRemove: 'disabled',
    touchAfter: 3600,
    ttl: lifetime / 1000,
    transformId: hashOf,
  })
  // Its own touch fails a request whose session was ended meanwhile; ours (`sessions.ts`) does not.
  Object.defineProperty(store, 'touch', { value: undefined })
  return store
}

async function openSession(req: Request, res: Response): Promise<void> {
  const open = sessions
  if (!open) throw new Error('Sessions are used before the database is open')
  await called((done) => open(req, res, done))
}

const gate = new passport.Passport()
gate.use(
  new Strategy({ usernameField: 'email', session: true }, (email, password, done) => {
    checkPassword(email, password).then(
      (person) => done(null, person ?? false),
      (error: unknown) => done(error),
    )
  }),
)

function byPassword(req: Request, res: Response): Promise<Person | undefined> {
  return new Promise((done, fail) => {
    const answer = (error: unknown, person: Person | false | undefined): void =>
      error ? fail(asError(error)) : done(person || undefined)
    const check = gate.authenticate('local', answer as never) as RequestHandler
    void check(req, res, fail)
  })
}

/** Takes the same time for an unknown account, a wrong password and an account that is not active. */
async function checkPassword(account: string, password: string): Promise<Person | undefined> {
  const found = account.includes('@')
    ? [await personByEmail(account)]
    : await peopleByStaffNumber(account)
  for (const person of found.length > 0 ? found : [null]) {
    const hash = person?.status === 'invited' ? firstHash(person) : person?.passwordHash
    const right = await isPassword(password, hash)
    if (right && person && person.status !== 'deactivated') return person
  }
  return undefined
}

/** What a letter's password is compared with, while it works. */
const firstHash = ({ firstPassword }: Person): string | undefined =>
  firstPassword && firstPassword.expiresAt > now() ? firstPassword.hash : undefined

async function admit(req: Request, person: Person, next: string): Promise<NextStep> {
  const held = await holdingOf(person)
  const step = await nextStep(held)
  if (step === 'in' || step === 'advised') {
    await startSession(req, held, false)
    return step
  }
  if (step === 'set-up') await offerApp(person._id)
  await freshSession(req, { waiting: { person: person._id, step, since: now(), next } }, patience)
  return step
}

async function startSession(req: Request, held: Held, secondFactor: boolean): Promise<void> {
  const signedInAt = now()
  await freshSession(req, {
    held,
    address: req.ip ?? '',
    agent: (req.get('user-agent') ?? '').slice(0, 300),
    signedInAt,
    confirmedAt: signedInAt,
    secondFactor,
  })
  await PersonModel.updateOne({ _id: held.person }, { $set: { lastSignInAt: signedInAt } })
}

/** A new session id, so that one planted before the sign-in, or before its second step, is worth nothing. */
async function freshSession(req: Request, data: object, lasts = lifetime): Promise<void> {
  await called((done) => req.session.regenerate(done))
  Object.assign(req.session, data)
  req.session.cookie.maxAge = lasts
  // Saved before the answer: the page it leads to may be asked for at once.
  await called((done) => req.session.save(done))
}

/** Counted by what was typed, so that an account that does not exist is limited like any other. */
function triesOf(req: Request): Counted[] {
  const { email } = req.body as { email?: unknown }
  const account = normalisedEmail(String(email))
  const address = req.ip ?? ''
  return [
    ['sign-in-pair', `${account} ${address}`],
    ['sign-in-account', account],
    ['sign-in-address', address],
    ['sign-in-institution', account.split('@')[1] ?? 'staff-number'],
  ]
}

/** Whoever owns an account that is tried too often is told: whether there is one, only the mail knows. */
async function count(tries: readonly Counted[]): Promise<void> {
  try {
    await countTry(...tries)
  } catch (error) {
    const [pair, account] = tries
    if (pair && account && (await isPassed(pair, account))) await tellOfTries(account[1])
    throw error
  }
}

/** A function with a callback, awaited. */
const called = (call: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((done, fail) => call((error) => (error ? fail(asError(error)) : done())))

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error))
