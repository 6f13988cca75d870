import type { Texts } from './models.js'

/** A text in the reader's language. */
export const textIn = (texts: Texts, language: string): string =>
  texts[language as keyof Texts] ?? texts.en
