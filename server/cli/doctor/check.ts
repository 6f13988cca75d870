/** What a check found: all is well, something is worth knowing, or Palier cannot work like this. */
export interface Finding {
  readonly about: string
  readonly verdict: 'good' | 'note' | 'bad'
  readonly found: string
  /** What to do about it. */
  readonly todo?: string
}

export const good = (about: string, found: string): Finding => ({ about, verdict: 'good', found })

export const note = (about: string, found: string, todo: string): Finding => ({
  about,
  verdict: 'note',
  found,
  todo,
})

export const bad = (about: string, found: string, todo: string): Finding => ({
  about,
  verdict: 'bad',
  found,
  todo,
})

/** An error's message, and those of what caused it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { message, cause } = error
  const code = (error as { code?: unknown }).code
  const own = message || String(code ?? error.name)
  return cause instanceof Error && cause.message !== message ? `${own} (${reasonOf(cause)})` : own
}
