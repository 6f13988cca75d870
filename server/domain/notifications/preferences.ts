import { Invalid, NotFound } from '../../errors.js'
import { opened, signed } from '../../http/signing.js'
import type { Actor, Id } from '../../kernel/contract.js'
import { contributions } from '../../kernel/plugins.js'
import type { Translate } from '../../platform/i18n.js'
import type { Mailing } from './contract.js'
import { kindLabel, kindOf } from './kinds.js'
import { PreferenceModel, type Preference } from './models.js'

/** When mail is sent to a person about a kind: what was chosen, else the kind's own. */
export async function mailingFor(person: Id, kind: string): Promise<Mailing> {
  const known = kindOf(kind)
  if (known?.always) return 'at-once'
  const chosen = await chosenBy(person)
  return chosen[kind] ?? known?.mail ?? 'never'
}

/** Every kind with when mail is sent to the actor about it. */
export async function ownMailings(
  { person }: Actor,
  t: Translate,
): Promise<{ kind: string; label: string; mail: Mailing }[]> {
  const chosen = await chosenBy(person ?? '')
  return contributions('notifications')
    .filter(({ always }) => !always)
    .map(({ id, mail }) => ({ kind: id, label: kindLabel(id, t), mail: chosen[id] ?? mail }))
    .sort((a, b) => a.label.localeCompare(b.label))
}

/** Chooses for the actor when mail is sent, kind by kind. Throws `Invalid('notifications:unknown-kind')`. */
export async function chooseMailings(
  { person }: Actor,
  wanted: Readonly<Record<string, Mailing>>,
): Promise<void> {
  const unknown = Object.keys(wanted).find((kind) => !isChosen(kind))
  if (unknown !== undefined) throw new Invalid('notifications:unknown-kind')
  if (!person || Object.keys(wanted).length === 0) return
  await choose(person, wanted)
}

/** The path that ends the mails of one kind to one person, whoever opens it: it goes into those mails. */
export function stopPath(person: Id, kind: string): string {
  return `/notifications/stop/${signed(stopping, [person, kind])}`
}

/** What such a path ends, and whether it has. Throws `NotFound` for one we did not make. */
export async function readStop(token: string): Promise<{ kind: string; stopped: boolean }> {
  const { person, kind } = addressee(token)
  return { kind, stopped: (await mailingFor(person, kind)) === 'never' }
}

/** Ends the mails of one kind; the inbox goes on. */
export async function stopMails(token: string): Promise<void> {
  const { person, kind } = addressee(token)
  await choose(person, { [kind]: 'never' })
}

const isChosen = (id: string): boolean => {
  const kind = kindOf(id)
  return kind !== undefined && !kind.always
}

async function chosenBy(person: Id): Promise<Readonly<Record<string, Mailing>>> {
  return (await PreferenceModel.findById(person).lean<Preference>())?.mail ?? {}
}

async function choose(person: Id, wanted: Readonly<Record<string, Mailing>>): Promise<void> {
  const set = Object.entries(wanted).map(([kind, mail]) => [`mail.${kind}`, mail])
  await PreferenceModel.updateOne(
    { _id: person },
    { $set: Object.fromEntries(set) as object },
    {
      upsert: true,
    },
  )
}

function addressee(token: string): { person: Id; kind: string } {
  const found = opened(stopping, token) as [Id, string] | undefined
  if (!found) throw new NotFound()
  const [person, kind] = found
  return { person, kind }
}

const stopping = 'notifications:stop'
