import type { Answer } from '#core'
import type { Standard } from '../contract.js'

interface Asked {
  readonly standard: Standard
  readonly kind: Answer['kind']
}

/**
 * A response or a pattern in readable parts (SCORM 1.2 RTE 3.4.4.7, 2004 RTE 4.2.9.1). Tools made for 2004 write its
 * delimiters in 1.2 as well.
 */
export function partsOf({ standard, kind }: Asked, said: string): string[] {
  const text = said.replace(/^(?:\{(?:lang|case_matters|order_matters)=[^}]*\})+/, '').trim()
  if (text === '') return []
  if (kind === 'true-false') return [truth(text)]
  if (kind === 'numeric') return [range(text)]
  if (kind === 'likert') return [textOf(text)]
  if (kind === 'long-fill-in' || kind === 'other') return [text]
  if (kind === 'fill-in') return text.split('[,]')
  const pair = standard === '1.2' && !text.includes('[.]') ? '.' : '[.]'
  const isPair = kind === 'matching' || kind === 'performance'
  return listed(standard, text).map((one) => (isPair ? paired(one, pair) : textOf(one)))
}

/** An identifier in words: `urn:tool:Yes%20please` → `Yes please`, `Scene1_Question_2` → `Scene1 Question 2`. */
export function textOf(identifier: string): string {
  const isUri = /^(?:urn:|https?:)/i.test(identifier)
  const name = isUri ? (identifier.split(/[:/#]/).findLast((one) => one !== '') ?? '') : identifier
  const words = decoded(name).replace(/_+/g, ' ').trim()
  return words === '' ? identifier : words
}

/** 1.2 puts several between braces: `{a,c}`. */
function listed(standard: Standard, text: string): string[] {
  if (standard !== '1.2' || text.includes('[,]')) return text.split('[,]')
  return text.replace(/^\{|\}$/g, '').split(',')
}

function paired(one: string, delimiter: string): string {
  const at = one.indexOf(delimiter)
  if (at < 0) return textOf(one)
  return `${textOf(one.slice(0, at))} → ${textOf(one.slice(at + delimiter.length))}`
}

const truth = (text: string): string => (/^(?:t|1|y)/i.test(text) ? 'true' : 'false')

/** `2[:]5` → `2 – 5`, `[:]5` → `≤ 5`. */
function range(text: string): string {
  const [least = '', most] = text.split('[:]')
  if (most === undefined || least === most) return least
  if (least === '') return most === '' ? '' : `≤ ${most}`
  return most === '' ? `≥ ${least}` : `${least} – ${most}`
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
