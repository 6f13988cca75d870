import type { Id, Name } from '../../kernel/contract.js'

/** Two accounts of one person: the one that stays, and the one that is merged into it. */
export interface Accounts {
  readonly kept: Id
  readonly lost: Id
}

/** How many records become the kept account's, and how many come to one with a record it has already. */
export interface Joined {
  readonly moved: number
  readonly joined: number
}

/** How records of two accounts become one person's, where their field cannot simply be written anew. */
export interface Joining {
  /** What `join` would do. Changes nothing. */
  count(accounts: Accounts): Promise<Joined>
  /** Does it. It may be stopped anywhere: done again, it goes on. */
  join(accounts: Accounts): Promise<void>
}

/**
 * What becomes of a field when the account it names is merged into another: it names that one, its record is removed, or
 * it goes on naming the account that acted. `follow`: the rule of another model of the feature sees to it.
 */
export type OnMerge = 'move' | 'drop' | 'keep' | 'follow' | Joining

/** Where a feature keeps what belongs to a person, and what becomes of it when that person is erased or turns out to have two accounts. */
export interface PersonalData {
  readonly model: string
  readonly path: string
  readonly onErasure: 'delete' | 'anonymise' | 'keep'
  readonly onMerge: OnMerge
  /** Why it is kept: the law or the purpose, as the register of processing names it. */
  readonly reason?: string
  /** The record is about somebody else, and only says that this person had to do with it: it is not in the copy. */
  readonly others?: true
  /** Fields that leave the database for nobody: hashes, words of the search. */
  readonly secret?: readonly string[]
  /** The files that a record of the model holds, by the hash they are stored under. */
  files?(record: Readonly<Record<string, unknown>>): readonly StoredName[]
  /** What anonymises a person where taking the name from the account is not enough. Doing it twice is once. */
  anonymise?(person: Id): Promise<void>
}

/** A file as somebody named it, under the hash it is stored by. */
export interface StoredName {
  readonly name: string
  readonly hash: string
}

/** A way to sign in besides the password, offered on the sign-in page. */
export interface SignInWay {
  readonly id: Name
  /** Translation key of its button. */
  readonly label: Name
  readonly href: string
}

/** What others may know of somebody because of where they work, so that it is refused in a password. */
export interface Guessable {
  readonly id: Name
  wordsFor(person: { readonly institution?: Id }): Promise<readonly string[]>
}

/** Sessions that have ended, or whose rights have changed: of people, but for one session if given; or one session alone. */
export type EndedSessions =
  { readonly people: readonly Id[]; readonly but?: Id | undefined } | { readonly session: Id }

/** What ends with a session. It is told at once, and again where it failed. */
export interface SessionEnd {
  readonly id: Name
  ended(what: EndedSessions, why: 'signed-out' | 'rights'): Promise<void>
}

declare module '../../kernel/contract.js' {
  interface Contributions {
    personalData: PersonalData
    signIn: SignInWay
    guessable: Guessable
    sessionEnds: SessionEnd
  }
}
