import { readFileSync } from 'node:fs'
import type { Part, Target } from '../player/course.js'
import type { Compiled } from './compile.js'
import { escapeHtml } from './html.js'
import { manifestOf } from './manifest.js'
import { playerFiles } from './player.js'

/** Every file of one package, by its path. */
export type PackageFiles = ReadonlyMap<string, Buffer>

/** Lays out one language of a module for one target: a page, its player, and the parts it loads one by one. */
export async function layOut(compiled: Compiled, target: Target): Promise<PackageFiles> {
  const { script, style } = await playerFiles()
  const { course, parts, bank, glossary, media } = compiled
  const files = new Map<string, Buffer>()
  const write = (path: string, text: string): void => void files.set(path, Buffer.from(text))
  write('index.html', page(compiled))
  write('player.css', style)
  write('player.js', script)
  write('data/course.js', call('course', { ...course, target }))
  for (const part of parts) write(dataPath(part), call(part.id, part))
  if (bank.length > 0) write('data/questions.js', call('questions', bank))
  if (glossary.length > 0) write('data/glossary.js', call('glossary', glossary))
  for (const [path, source] of media) files.set(path, readFileSync(source))
  if (target !== 'web') write('imsmanifest.xml', manifestFor(compiled, target, [...files.keys()]))
  return files
}

const dataPath = ({ id }: Part): string => `data/${id}.js`

/** Data comes as scripts: a page opened by a double click may load those, and nothing else. */
const call = (name: string, data: unknown): string =>
  `palierData(${JSON.stringify(name)},${JSON.stringify(data)})\n`

function manifestFor(
  { course }: Compiled,
  target: Exclude<Target, 'web'>,
  files: readonly string[],
): string {
  const { id, version, language, title, summary, pass, complete } = course
  const byTestAlone = complete === 'test'
  return manifestOf(target, { id, version, language, title, summary, pass, byTestAlone, files })
}

function page({ course, texts }: Compiled): string {
  return `<!doctype html>
<html lang="${course.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${escapeHtml(course.summary)}">
<title>${escapeHtml(course.title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="player.css">
<script defer src="player.js"></script>
<script defer src="data/course.js"></script>
</head>
<body>
<noscript><p>${escapeHtml(texts['shell.noscript'] ?? '')}</p></noscript>
</body>
</html>
`
}
