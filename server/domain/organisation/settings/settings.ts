import type { UploadedFile } from '../../../http/routes.js'
import type { Actor, Name } from '../../../kernel/contract.js'
import { languages, type Language } from '../../../platform/i18n.js'
import { administeredBy } from '../../people/access.js'
import { audit } from '../../people/audit.js'
import { UnitModel, type InLanguages, type Unit } from '../models.js'
import { findUnit } from '../units.js'
import { keepLogo } from './logos.js'
import { readLooks } from './looks.js'
import { InstitutionSettingsModel, type InstitutionSettings } from './models.js'

/** Whoever holds it over an institution says how it looks and what it announces. */
export const changeSettings: Name = 'organisation:change-settings'

/** The institution whose settings the actor changes: its own. Throws `NotFound` for whoever does not administer it. */
export async function ownInstitution(actor: Actor): Promise<Unit> {
  return findUnit(actor, administeredBy(actor, changeSettings))
}

/** What was chosen for an institution. */
export const settingsOf = async ({ _id }: Unit): Promise<InstitutionSettings> =>
  (await InstitutionSettingsModel.findById(_id).lean<InstitutionSettings>()) ?? { _id }

export interface Chosen {
  readonly name: string
  readonly names: InLanguages
  /** `#rrggbb`; none for Palier's own. */
  readonly colour?: string | undefined
  readonly languages: readonly Language[]
}

/** Gives the actor's institution a name, a colour and the languages it offers. The log says what changed. */
export async function choose(actor: Actor, chosen: Chosen): Promise<void> {
  const unit = await ownInstitution(actor)
  const before = await settingsOf(unit)
  const changes = differences({ ...before, ...unit }, chosen)
  if (Object.keys(changes).length === 0) return

  const { name, names, colour, languages: offered } = chosen
  await UnitModel.updateOne({ _id: unit._id }, { $set: { name, names } })
  await InstitutionSettingsModel.updateOne(
    { _id: unit._id },
    { $set: { languages: offered, ...(colour && { colour }) }, ...(!colour && without('colour')) },
    { upsert: true },
  )
  await audit(actor, 'organisation:settings-changed', { object: unit._id, details: changes })
  await readLooks()
}

/** Gives the actor's institution a logo. What was shown before stays in the storage: others may hold the same file. */
export async function changeLogo(actor: Actor, file: UploadedFile): Promise<void> {
  const { _id } = await ownInstitution(actor)
  const logo = await keepLogo(file)
  await InstitutionSettingsModel.updateOne({ _id }, { $set: { logo } }, { upsert: true })
  await audit(actor, 'organisation:logo-changed', { object: _id, details: { file: file.name } })
  await readLooks()
}

/** Takes the logo away. */
export async function removeLogo(actor: Actor): Promise<void> {
  const { _id } = await ownInstitution(actor)
  const { modifiedCount } = await InstitutionSettingsModel.updateOne({ _id }, without('logo'))
  if (modifiedCount > 0) await audit(actor, 'organisation:logo-removed', { object: _id })
  await readLooks()
}

const without = (field: keyof InstitutionSettings) => ({ $unset: { [field]: 1 } })

/** What is not as it was, in words for the log. */
function differences(
  before: Pick<Unit, 'name' | 'names'> & InstitutionSettings,
  { name, names, colour, languages: offered }: Chosen,
): Record<string, string> {
  const said = (one: InLanguages = {}): string => Object.values(one).join(' · ')
  const pairs: readonly (readonly [key: string, before: string, after: string])[] = [
    ['name', before.name, name],
    ['names', said(before.names), said(names)],
    ['colour', before.colour ?? '', colour ?? ''],
    ['languages', (before.languages ?? languages).join(', '), offered.join(', ')],
  ]
  return Object.fromEntries(
    pairs.filter(([, old, fresh]) => old !== fresh).map(([key, , fresh]) => [key, fresh || '–']),
  )
}
