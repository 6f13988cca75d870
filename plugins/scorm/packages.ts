import {
  contentUrlFor,
  Invalid,
  translator,
  type ImportReport,
  type PackageArchive,
  type PackageHandler,
  type Play,
} from '#core'
import { config } from './config.js'
import type { ManifestWarning, ScormItem, ScormManifest } from './contract.js'
import { inspectApart } from './manifest/isolated.js'
import { largestManifest, locateManifest, looksLikeScorm } from './manifest/inspection.js'
import { ManifestProblem } from './manifest/problems.js'
import { tokenFor } from './tokens.js'

/** SCORM 1.2 and 2004 packages, from the upload to the player. AICC is recognised, to be refused in words. */
export const scormPackages: PackageHandler = {
  id: 'scorm:package',
  recognises: ({ entries }) => looksLikeScorm(entries),
  inspect: async (archive) => {
    const { manifest, warnings } = await inspected(archive)
    return { report: reportOf(manifest, warnings, archive), manifest: { ...manifest } }
  },
  player: async (play) => playerOf(play),
}

async function inspected(
  archive: PackageArchive,
): Promise<{ manifest: ScormManifest; warnings: readonly ManifestWarning[] }> {
  try {
    const { path } = locateManifest(archive.entries)
    const bytes = await archive.read(path, largestManifest)
    return await inspectApart(bytes, archive.entries)
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    const { code, values } = error
    throw new Invalid(
      code,
      { values, errors: [{ path: 'package', code, values }] },
      { cause: error },
    )
  }
}

function reportOf(
  { edition, title, items }: ScormManifest,
  warnings: readonly ManifestWarning[],
  { entries }: PackageArchive,
): ImportReport {
  return {
    standard: editionNames[edition],
    title,
    items: items.map((item) => ({
      title: item.title,
      depth: item.depth,
      ...(item.launch && { launch: item.launch.path + item.launch.suffix }),
      ...masteryOf(item),
    })),
    launchFiles: [...new Set(items.flatMap(({ launch }) => launch?.path ?? []))],
    files: entries.length,
    bytes: entries.reduce((sum, { size }) => sum + size, 0),
    warnings: warnings.map(({ code, values }) => ({ code, ...(values && { values }) })),
  }
}

/** The standards' own names, the same in every language. */
const editionNames = {
  '1.2': 'SCORM 1.2',
  '2004-2nd': 'SCORM 2004 2nd Edition',
  '2004-3rd': 'SCORM 2004 3rd Edition',
  '2004-4th': 'SCORM 2004 4th Edition',
} as const

/** Both standards on one scale, 0 to 100. */
function masteryOf({ masteryScore, scaledPassingScore }: ScormItem): { masteryScore?: number } {
  const score =
    masteryScore ?? (scaledPassingScore === undefined ? undefined : scaledPassingScore * 100)
  return score === undefined ? {} : { masteryScore: score }
}

function playerOf({ attempt, version, actor, preview }: Play) {
  const { items } = version.manifest as unknown as ScormManifest
  const { base } = contentUrlFor({
    person: attempt.person,
    version: version._id,
    hash: version.hash,
  })
  const token = tokenFor(actor, {
    attempt: attempt._id,
    person: attempt.person,
    version: version._id,
    preview,
  })
  return {
    view: 'scorm:player' as const,
    launchUrl: `${base}/shell?language=${actor.language}`,
    token,
    frame: {
      tokenMinutes: config.tokenMinutes,
      renewHref: preview ? null : `/scorm/attempts/${attempt._id}/token`,
      lateHref: preview ? null : `/scorm/attempts/${attempt._id}/late`,
      wayOut: `/courses/${attempt.course}`,
      words: wordsIn(actor.language),
      items: partsOf(items),
    },
  }
}

/** The table of contents: groups and parts a learner may see, in order. */
const partsOf = (
  items: readonly ScormItem[],
): { sco: number | null; title: string; depth: number }[] =>
  items.flatMap(({ title, depth, visible, launch }, at) =>
    visible ? [{ sco: launch ? at : null, title, depth }] : [],
  )

const states = [
  'opening',
  'ready',
  'saving',
  'saved',
  'partly',
  'waiting',
  'unkept',
  'signed-out',
  'preview',
]
const marks = ['incomplete', 'completed', 'passed', 'failed']

/** What the page's script says: it has no catalogue of its own. */
function wordsIn(language: string): Record<string, string> {
  const t = translator(language)
  const time = '{time}'
  return Object.fromEntries([
    ...states.map((state) => [state, t(`scorm:saved.${state}`, { time })]),
    ...marks.map((mark) => [`item-${mark}`, t(`scorm:items.${mark}`)]),
  ]) as Record<string, string>
}
