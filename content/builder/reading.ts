import type { Language } from './sources.js'
import { plainText } from './html.js'
import type { Report } from './problems.js'

interface Formula {
  readonly hard: number
  ease(wordsPerSentence: number, syllablesPerWord: number): number
  readonly name: string
}

const formulas: Readonly<Record<Language, Formula>> = {
  en: { name: 'Flesch', hard: 35, ease: (w, s) => 206.835 - 1.015 * w - 84.6 * s },
  fr: { name: 'Kandel-Moles', hard: 40, ease: (w, s) => 209 - 1.15 * w - 68 * s },
  es: { name: 'Szigriszt', hard: 40, ease: (w, s) => 206.835 - w - 62.3 * s },
}
const fewestWords = 80
const longestSentence = 45
const longestSection = 900

/** Warns where a section is hard to read, a sentence very long, a section longer than a sitting. */
export function readingProblems(
  html: string,
  language: Language,
  { line, report }: { readonly line: number; readonly report: Report },
): void {
  const sentences = sentencesOf(html)
  const words = sentences.flatMap(wordsOf)
  const long = sentences.find((sentence) => wordsOf(sentence).length > longestSentence)
  if (long) {
    const start = long.split(' ').slice(0, 6).join(' ')
    report.warn(line, 'reading', `${wordsOf(long).length} words in one sentence: "${start}…"`)
  }
  if (words.length > longestSection) {
    report.warn(line, 'length', `${words.length} words: two sections would be read more easily`)
  }
  const ease = readingEase(sentences, language)
  const { hard, name } = formulas[language]
  if (words.length >= fewestWords && ease < hard) {
    report.warn(line, 'reading', `hard to read (${name} ${Math.round(ease)}, aim above ${hard})`)
  }
}

/** Reading ease on the scale of the language's own formula: higher is easier, 100 is very easy. */
export function readingEase(sentences: readonly string[], language: Language): number {
  const words = sentences.flatMap(wordsOf)
  const syllables = words.reduce((sum, word) => sum + syllablesIn(word, language), 0)
  if (words.length === 0) return 100
  return formulas[language].ease(words.length / sentences.length, syllables / words.length)
}

/** The sentences of prose: tables, drawings, folded passages and widgets are left out. */
export function sentencesOf(html: string): string[] {
  return html
    .replace(/<(svg|table|details|figure)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<\/(p|li|h\d|blockquote|dt|dd)>/g, '. ')
    .split(/(?<=[.!?…])["'”»)]*\s+|\.\s*\./)
    .map((each) => plainText(each))
    .filter((each) => wordsOf(each).length > 0)
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+(?:['’-]\p{L}+)*/gu) ?? []

/** Good to about one in ten words, which is as much as the formulas need. */
function syllablesIn(word: string, language: Language): number {
  const plain = word.toLowerCase()
  if (language === 'es') {
    const hiatus = plain.match(/[aeoáéó](?=[aeoáéóíú])|[íú](?=[aeo])/g)?.length ?? 0
    return Math.max(1, (plain.match(/[aeiouáéíóúü]+/g)?.length ?? 0) + hiatus)
  }
  if (language === 'fr') {
    const spoken = plain.replace(/(?<=[^aeiouyàâéèêëîïôûùœ])(e|es|ent)$/, '')
    return Math.max(1, spoken.match(/[aeiouyàâéèêëîïôûùœ]+/g)?.length ?? 0)
  }
  const spoken = plain.replace(/(?<![lt])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxz])es$/, '')
  return Math.max(1, spoken.match(/[aeiouy]+/g)?.length ?? 0)
}
