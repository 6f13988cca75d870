import type { Actor, Name } from '../../kernel/contract.js'
import type { Translate } from '../../platform/i18n.js'

/** When mail is sent about a kind of notification. */
export const mailings = ['at-once', 'digest', 'never'] as const
export type Mailing = (typeof mailings)[number]

/** How a notification reads. */
export interface Presented {
  readonly title: string
  readonly body?: string
  /** Path of the page it is about. */
  readonly href: string
  /** Name of an icon. */
  readonly icon: string
}

/** Something that people are told of. Its name on the preferences page is `plugin:notifications.<name>`. */
export interface NotificationKind<D> {
  readonly id: Name
  /** When mail is sent to those who chose nothing. */
  readonly mail: Mailing
  /** It is mailed at once whatever somebody chose: nobody is to miss it. */
  readonly always?: true
  /** Pure over what was stored: it is read long after it was written. */
  present(data: D, t: Translate, language: string): Presented
}

/** Something that may have changed since somebody was here last. Its text, with `count`, is `plugin:changes.<name>`. */
export interface ChangeSource {
  readonly id: Name
  /** Name of an icon. */
  readonly icon: string
  /** Path of the page that shows it. */
  href(actor: Actor): string
  /** How much of it is new to this actor since a moment. Asked once a visit. */
  count(actor: Actor, since: Date): Promise<number>
}

declare module '../../kernel/contract.js' {
  interface Contributions {
    notifications: NotificationKind<never>
    changes: ChangeSource
  }
}
