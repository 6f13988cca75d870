/** What the builder writes into a package and the player reads: types only, and the kinds there are. */
export const questionKinds = [
  'single',
  'multiple',
  'order',
  'match',
  'fill-in',
  'hotspot',
  'numeric',
  'scenario',
] as const
export type QuestionKind = (typeof questionKinds)[number]

export const roles = ['situation', 'ideas', 'example', 'practice', 'tool', 'sources'] as const
export type Role = (typeof roles)[number]

export type PartKind = 'home' | 'self-check' | 'unit' | 'case' | 'test' | 'transfer' | 'tool'

/** HTML made by the builder from Markdown: no script, no handler, nothing from outside. */
export type Html = string

export interface Answer {
  readonly html: Html
  /** Plain words, for reports and for spoken announcements. */
  readonly text: string
  readonly why: Html
  /** 0 to 100; right is 100, wrong is 0. In an order or a match, 100 unless it is a lure. */
  readonly worth: number
  /** What a fill-in or numeric answer accepts; `*` is anything. */
  readonly accepts?: readonly string[]
  readonly area?: readonly [x: number, y: number, width: number, height: number]
  /** Right side of a match. A lure has no left side: its `html` is empty. */
  readonly to?: Html
}

export interface Question {
  readonly id: string
  /** Three characters that stand for the question in suspend data. */
  readonly key: string
  readonly kind: QuestionKind
  readonly prompt: Html
  readonly text: string
  readonly answers: readonly Answer[]
  readonly after?: Html
  readonly points: number
  readonly shuffle: boolean
  /** The unit a bank's question belongs to. */
  readonly unit?: string
  /** What a number is counted in. */
  readonly measure?: string
  /** Size of a hot spot's picture, in units of its viewBox. */
  readonly picture?: { readonly html: Html; readonly width: number; readonly height: number }
}

export type Widget =
  | { readonly type: 'question'; readonly question: Question }
  | { readonly type: 'scale'; readonly id: string; readonly key: string; readonly unit?: string }
  | { readonly type: 'reflect'; readonly id: string; readonly key: string }
  | {
      readonly type: 'checklist'
      readonly id: string
      readonly key: string
      readonly items: readonly Html[]
    }

export interface Section {
  readonly id: string
  readonly key: string
  readonly title: string
  readonly role?: Role
  /** `<div data-widget="n">` marks where the nth widget stands. */
  readonly html: Html
  readonly widgets: readonly Widget[]
}

export interface Part {
  readonly id: string
  readonly kind: PartKind
  readonly sections: readonly Section[]
  readonly story?: Story
}

export interface Variable {
  readonly name: string
  readonly start: number
  readonly least: number
  readonly most: number
  readonly label?: string
}

export interface Condition {
  readonly variable: string
  readonly is: '<' | '<=' | '>' | '>=' | '=' | '!='
  readonly value: number
}

export interface Effect {
  readonly variable: string
  readonly sign: '+' | '-' | '='
  readonly value: number
}

export interface Choice {
  readonly html: Html
  readonly text: string
  readonly to: string
  readonly effects: readonly Effect[]
  readonly when: readonly Condition[]
  readonly why: Html
}

export interface Route {
  readonly to: string
  readonly when: readonly Condition[]
}

export interface StoryNode {
  readonly id: string
  readonly title: string
  /** `data-when` holds the conditions of a passage as JSON; `data-variable` names a printed value. */
  readonly html: Html
  readonly change: readonly Effect[]
  readonly choices: readonly Choice[]
  readonly routes: readonly Route[]
  readonly ending: boolean
  readonly score?: number
}

export interface Story {
  readonly variables: readonly Variable[]
  readonly nodes: readonly StoryNode[]
}

export interface SectionOutline {
  readonly id: string
  readonly key: string
  readonly title: string
  readonly role?: Role
}

export interface PartOutline {
  readonly id: string
  readonly kind: PartKind
  readonly title: string
  readonly summary: string
  readonly minutes?: number
  readonly sections: readonly SectionOutline[]
}

export interface Term {
  readonly id: string
  readonly title: string
  readonly html: Html
}

export type Target = 'scorm12' | 'scorm2004' | 'web'
export type Texts = Readonly<Record<string, string>>

/** What the first screen needs; the parts follow one by one. */
export interface Course {
  readonly id: string
  readonly version: string
  readonly language: string
  readonly target: Target
  readonly title: string
  readonly summary: string
  readonly complete: 'parts' | 'test'
  readonly pass: number
  readonly attempts: number
  readonly draw: Readonly<Record<string, number>>
  readonly parts: readonly PartOutline[]
  readonly hasGlossary: boolean
  readonly texts: Texts
}
