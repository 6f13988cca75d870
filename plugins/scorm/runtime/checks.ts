/** Whether a value may stand at an element. Values are strings, as in SCORM itself. */
export type Check = (value: string) => boolean

export interface ElementRule {
  /** `read` elements are the server's: a value the content sends is left aside, and noted. */
  readonly access: 'write' | 'read'
  readonly check: Check
}

export const text =
  (most: number): Check =>
  (value) =>
    value.length <= most

export const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value)

export const matches =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value)

/** A decimal within bounds. The empty string takes a value back. */
export const decimal =
  (least = -Infinity, most = Infinity): Check =>
  (value) => {
    if (value === '') return true
    if (!/^-?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})$/.test(value)) return false
    const number = Number(value)
    return number >= least && number <= most
  }

export const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value))

/** Rules of what content may write, by element with `n` for each index. */
export const writable = (
  checks: Readonly<Record<string, Check>>,
): readonly (readonly [string, ElementRule])[] =>
  Object.entries(checks).map(([element, check]) => [element, { access: 'write', check }])

/** Rules of what content may only read. */
export const readable = (
  elements: readonly string[],
): readonly (readonly [string, ElementRule])[] =>
  elements.map((element) => [element, { access: 'read', check: () => true }])
