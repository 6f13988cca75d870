import type { Course, PartOutline, SectionOutline } from './course.js'

/** One screen of the course's way. */
export interface Screen {
  readonly part: PartOutline
  readonly section: SectionOutline
  readonly path: string
}

/** The screens in order; tools and glossary are beside the way. */
export function flowOf({ parts }: Course): Screen[] {
  return parts
    .filter(({ kind }) => kind !== 'tool')
    .flatMap((part) => part.sections.map((section) => screenOf(part, section)))
}

const inSections = ({ kind }: PartOutline): boolean => kind === 'unit' || kind === 'transfer'

export function screenOf(part: PartOutline, section: SectionOutline): Screen {
  const path = inSections(part) ? `${part.id}/${section.id}` : part.id
  return { part, section, path }
}

export interface Found extends Screen {
  /** Id of something inside the screen that the path leads to. */
  readonly anchor?: string
}

/** The screen a path such as `01-unit/section` or `tools/sheet` names, and what stands inside it. */
export function find({ parts }: Course, path: string): Found | undefined {
  const part = parts.find(({ id }) => path === id || path.startsWith(`${id}/`))
  const [first] = part?.sections ?? []
  if (!part || !first) return undefined
  const rest = path.slice(part.id.length + 1)
  const section = part.sections.find(({ id }) => id === rest)
  const screen = screenOf(part, section ?? first)
  return rest && !section ? { ...screen, anchor: rest } : screen
}
