declare const safe: unique symbol

/** Markup that may be printed as it is: made by the sanitiser, our own SVG and icons, or a rendered view. */
export interface SafeHtml {
  readonly [safe]: true
  toString(): string
}

class Markup {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toString(): string {
    return this.#text
  }
}

/** Vouches for markup. Only for text that this code base made or a sanitiser cleaned. */
export const trusted = (text: string): SafeHtml => new Markup(text) as unknown as SafeHtml

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}

/** Text made harmless in an element or a quoted attribute. */
export const escapeHtml = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : String(value).replace(/[&<>"']/g, (character) => escapes[character] ?? character)

type Part = SafeHtml | string | number | undefined | null | readonly SafeHtml[]

/** Template tag for our own markup: every value is escaped unless it is `SafeHtml` already. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): SafeHtml {
  const print = (value: Part): string =>
    Array.isArray(value)
      ? value.join('')
      : value instanceof Markup
        ? value.toString()
        : escapeHtml(value)
  return trusted(
    strings.map((text, at) => text + (at < values.length ? print(values[at]) : '')).join(''),
  )
}

/** JSON for a `<script type="application/json">`: nothing in it can end the element. */
export const jsonForScript = (value: unknown): SafeHtml =>
  trusted(
    JSON.stringify(value)
      .replace(/</g, '\\u003c')
      .replace(/\u2028/g, '\\u2028')
      .replace(/\u2029/g, '\\u2029'),
  )
