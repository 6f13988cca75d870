import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const folders = ['server', 'plugins', 'views', 'content']
const skipped = new Set(['test', 'node_modules'])

/** Every file below the source folders, tests left out, as paths from the root, sorted. */
export function sourceFiles(root) {
  const files = []
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !skipped.has(entry.name)) visit(path)
      if (entry.isFile()) files.push(relative(root, path).split(sep).join('/'))
    }
  }
  for (const folder of folders) visit(join(root, folder))
  return files.sort()
}

/** Changes when any source, view, style or dependency changes. */
export function hashOfSources(root) {
  const hash = createHash('sha256')
  for (const file of [...sourceFiles(root), 'package-lock.json']) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}
