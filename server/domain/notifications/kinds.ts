import type { Name } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import { hasKey, type Translate } from '../../platform/i18n.js'
import type { NotificationKind, Presented } from './contract.js'
import type { Notification } from './models.js'

/** The kinds that enabled plugins bring. What others stored before is kept, and not shown. */
export const knownKinds = (): Name[] => contributions('notifications').map(({ id }) => id)

/** The kind of an id, if its plugin is enabled. */
export const kindOf = (id: string): NotificationKind<never> | undefined =>
  contributions('notifications').find((kind) => kind.id === id)

/** How a stored notification reads in a language; nothing where its plugin is turned off. */
export function presented(
  { kind, data }: Pick<Notification, 'kind' | 'data'>,
  t: Translate,
  language: string,
): Presented | undefined {
  return kindOf(kind)?.present(data as never, t, language)
}

/** What a kind is called on the preferences page and in a mail that stops it. */
export function kindLabel(id: string, t: Translate): string {
  const [owner = '', name = ''] = id.split(':')
  const key = `${owner}:notifications.${name}`
  return hasKey(key) ? t(key) : id
}
