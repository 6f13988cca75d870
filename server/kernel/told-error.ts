/** An error as the log has it. */
export interface ToldError {
  readonly type: string
  readonly code?: string | number
  readonly message?: string
  readonly stack?: string
  readonly cause?: ToldError
}

/**
 * What of an error the log may have: its kind, its code, where it was thrown, and its message without what was quoted in
 * it. A message quotes what it was about: a duplicate key its value, a parser its text, a mail server the address.
 */
export function toldError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack, cause } = error
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  const known = responseCode ?? code
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return {
    type: name,
    ...((typeof known === 'string' || typeof known === 'number') && { code: known }),
    // What a mail server answers is its own prose, with whatever names it likes.
    ...(responseCode === undefined && { message: withoutQuoted(message) }),
    ...(frames && { stack: frames.join('\n') }),
    ...(cause !== undefined && { cause: toldError(cause) }),
  }
}

const quoted = /['"`{<[“‘«].*['"`}>\]”’»]/s
const address = /\S*@\S*/g
const network = /\b\d{1,3}(\.\d{1,3}){3}\b|(?<![\w:])[0-9a-f]{0,4}(:[0-9a-f]{0,4}){3,}(?![\w:])/gi
const token = /[\w-]{32,}/g

/** A text without what stands between its first quote or bracket and the last, without addresses and tokens. */
export const withoutQuoted = (text: string): string =>
  text.replace(quoted, '…').replace(address, '…').replace(network, '…').replace(token, '…')
