import type { Texts } from './models.js'

/** A text in the reader's language. */
export const textIn = (text: Texts, language: string): string =>
  text[language as keyof Texts] ?? text.en
