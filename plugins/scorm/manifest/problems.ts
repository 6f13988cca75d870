/** What is wrong with a manifest: `scorm:manifest-…`, and the values its sentence names. */
export class ManifestProblem extends Error {
  readonly code: `scorm:${string}`
  readonly values: Readonly<Record<string, string | number>>

  constructor(code: string, values: Readonly<Record<string, string | number>> = {}) {
    super(code)
    this.name = 'ManifestProblem'
    this.code = `scorm:${code}`
    this.values = values
  }
}
