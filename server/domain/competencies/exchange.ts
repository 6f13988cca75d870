import { readFile } from 'node:fs/promises'
import { Invalid } from '../../errors.js'
import type { Download } from '../../http/routes.js'
import type { Actor } from '../../kernel/contract.js'
import { decodeText } from '../../platform/encodings.js'
import { audit } from '../people/audit.js'
import { fromCsv, toCsv } from './csv.js'
import { changeDraft, isScaleLocked } from './drafting.js'
import type { Framework } from './models.js'

/** A framework as a file to keep, change in a spreadsheet and import again. */
export const exportFramework = (framework: Framework): Download => ({
  name: `${framework.slug}-${framework.version}.csv`,
  body: toCsv(framework),
})

/** Replaces what a draft says by a table; nothing is changed when a line is wrong. A locked scale stays. */
export async function importFramework(
  actor: Actor,
  framework: Framework,
  file: { readonly path: string } | undefined,
): Promise<void> {
  if (!file) {
    const code = 'competencies:csv-missing'
    throw new Invalid(code, { errors: [{ path: 'file', code }] })
  }
  const { text } = decodeText(await readFile(file.path))
  const { scale, ...content } = fromCsv(framework.slug, text)
  await changeDraft(framework, { ...content, ...(!isScaleLocked(framework) && { scale }) })
  await audit(actor, 'competencies:imported', { object: framework._id })
}
