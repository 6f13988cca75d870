import { performance } from 'node:perf_hooks'
import type { Actor, Id } from '../../../kernel/contract.js'
import { logger } from '../../../kernel/logger.js'
import { plainLook, type Look } from '../../../http/shell.js'
import { now } from '../../../platform/clock.js'
import { languages } from '../../../platform/i18n.js'
import { UnitModel, type Unit } from '../models.js'
import type { Logo } from './logos.js'
import {
  AnnouncementModel,
  InstitutionSettingsModel,
  type InstitutionSettings,
  type StoredAnnouncement,
} from './models.js'
import { stylesheetAddress } from './stylesheet.js'

/** Milliseconds after which another process's change is asked for, by the next request. */
const keptFor = 2000

interface Known {
  readonly at: number
  readonly looks: ReadonlyMap<Id, Look>
  /** How Palier looks to those who have not signed in. */
  readonly forNobody: Look
}

let known: Known = { at: -Infinity, looks: new Map(), forNobody: plainLook }
let reading: Promise<void> | undefined

/** How Palier looks to whoever visits: as their institution chose. Reads at most once in two seconds, for all. */
export async function lookFor(viewer: Actor | undefined): Promise<Look> {
  if (performance.now() - known.at > keptFor) await (reading ?? readLooks())
  if (!viewer) return known.forNobody
  return known.looks.get(viewer.institution ?? '') ?? plainLook
}

/** Reads every look anew: what was changed here shows from the next page on. */
export function readLooks(): Promise<void> {
  const begun = (reading ?? Promise.resolve()).then(read)
  const done = begun.finally(() => {
    if (reading === done) reading = undefined
  })
  reading = done
  return done
}

/** Whether some institution shows this logo, and what kind of picture it is. */
export function logoShown(hash: string): Look['logo'] {
  const href = logoAddress(hash)
  return [...known.looks.values()].find(({ logo }) => logo?.href === href)?.logo
}

/** A database that does not answer leaves Palier looking as it did. */
async function read(): Promise<void> {
  const at = performance.now()
  try {
    const [institutions, chosen, announced] = await Promise.all([
      UnitModel.find({ parent: null }).lean<Unit[]>(),
      InstitutionSettingsModel.find({}).lean<InstitutionSettings[]>(),
      announcedFrom(yesterday()),
    ])
    const settings = new Map(chosen.map((one) => [one._id, one]))
    const looks = institutions.map(
      (unit) => [unit._id, lookOf(unit, settings.get(unit._id), announced)] as const,
    )
    known = { at, looks: new Map(looks), forNobody: soleLook(looks, settings) }
  } catch (error) {
    known = { ...known, at }
    logger.warn({ err: error }, 'how institutions look could not be read')
  }
}

/** It may still be yesterday where a reader is. */
const yesterday = (): string => new Date(Number(now()) - 86_400_000).toISOString().slice(0, 10)

const announcedFrom = (day: string): Promise<StoredAnnouncement[]> =>
  AnnouncementModel.find({ until: { $gte: day } })
    .sort({ from: 1, _id: 1 })
    .lean<StoredAnnouncement[]>()
    .exec()

function lookOf(
  { _id, name, names }: Unit,
  chosen: InstitutionSettings | undefined,
  announced: readonly StoredAnnouncement[],
): Look {
  return {
    name: (language) => names?.[language] ?? name,
    languages: chosen?.languages ?? languages,
    announcements: announced
      .filter(({ institution }) => institution === _id)
      .map(({ _id: id, institution: _, ...said }) => ({ id, ...said })),
    ...(chosen?.colour && { stylesheet: stylesheetAddress(chosen.colour) }),
    ...(chosen?.logo && { logo: shownLogo(chosen.logo) }),
  }
}

const shownLogo = ({ hash, ...picture }: Logo): NonNullable<Look['logo']> => ({
  href: logoAddress(hash),
  ...picture,
})

const logoAddress = (hash: string): string => `/brand/logo/${hash}`

/** Before the sign-in nobody's institution is known: Palier looks like the only one, or the only one that chose a look. */
function soleLook(looks: readonly (readonly [Id, Look])[], chosen: ReadonlyMap<Id, unknown>): Look {
  const choosing = looks.filter(([id]) => chosen.has(id))
  const [only, another] = looks.length === 1 ? looks : choosing
  return only && !another ? only[1] : plainLook
}
