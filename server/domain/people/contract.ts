import type { Name } from '../../kernel/contract.js'

/** Where a feature keeps what belongs to a person, and what becomes of it when that person is erased. */
export interface PersonalData {
  readonly model: string
  readonly path: string
  readonly onErasure: 'delete' | 'anonymise' | 'keep'
  /** Why it is kept: the law or the purpose, as the register of processing names it. */
  readonly reason?: string
}

/** A way to sign in besides the password, offered on the sign-in page. */
export interface SignInWay {
  readonly id: Name
  /** Translation key of its button. */
  readonly label: Name
  readonly href: string
}

declare module '../../kernel/contract.js' {
  interface Contributions {
    personalData: PersonalData
    signIn: SignInWay
  }
}
