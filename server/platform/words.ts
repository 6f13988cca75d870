const shortest = 2
const longest = 20

/** A text as it is compared: in small letters, without accents. */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/ß/g, 'ss')

/** The words of a text, folded. */
export const wholeWords = (text: string): string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** The words of a text as the search knows them: folded, plural endings cut. */
export const foldedWords = (text: string): string[] =>
  wholeWords(text).map((word) => stem(word.slice(0, longest)))

/** What a document keeps to be found by: each word of its texts once. A search matches their beginnings. */
export function wordsOf(...texts: readonly (string | null | undefined)[]): string[] {
  return [...new Set(texts.flatMap((text) => (text ? foldedWords(text) : [])))]
}

/** Whether every word of a search is the beginning of a word of a text: `wordFilter`, for what is at hand already. */
export function matchesWords(search: string, text: string): boolean {
  const words = wordsOf(text)
  return wordsOf(search).every((one) => words.some((word) => word.startsWith(one)))
}

interface WordFilter {
  readonly $and?: readonly { readonly words: { readonly $regex: string } | string }[]
}

/** A filter on `words` that wants every word of a search as the beginning of one of them. It is empty for no words. */
export function wordFilter(search: string | undefined): WordFilter {
  const words = wordsOf(search).slice(0, 8)
  if (words.length === 0) return {}
  return {
    $and: words.map((word) => ({
      words: word.length < shortest ? word : { $regex: `^${word}` },
    })),
  }
}

/** Light on purpose: the plurals of English, French and Spanish, so that "courses" finds "course". */
function stem(word: string): string {
  if (word.length > 4 && /(?:aux)$/.test(word)) return `${word.slice(0, -3)}al`
  if (word.length > 3 && /[^s]s$/.test(word)) return word.slice(0, -1)
  return word
}
