import type { Part, Question, Term } from '../course.js'
import { load } from '../data.js'
import { find, flowOf, type Found } from '../flow.js'
import type { Session } from '../session.js'
import type { View } from '../shell.js'
import { glossaryScreen, notesScreen } from './beside.js'
import { caseScreen } from './case.js'
import { partScreen, wholePart } from './part.js'
import { proposal } from './self-check.js'
import { testScreen } from './test.js'

type Made = Omit<View, 'focus'> & { readonly anchor?: string | undefined }

/** Makes the screen a path names; the first one for a path that names nothing. */
export async function screenAt(session: Session, path: string): Promise<Made> {
  if (path === 'notes') return await notes(session)
  if (path === 'glossary' || path.startsWith('glossary/')) return await glossary(session, path)
  if (path.startsWith('print/')) return await whole(session, path)
  return await onTheWay(session, path)
}

async function onTheWay(session: Session, path: string): Promise<Made> {
  const flow = flowOf(session.course)
  const found: Found | undefined = find(session.course, path) ?? flow[0]
  if (!found) throw new Error('a course has a first screen')
  const part = await load<Part>(found.part.id)
  const at = flow.findIndex((screen) => screen.path === found.path)
  return {
    title: found.section.title,
    path: found.path,
    anchor: found.anchor,
    element: await elementFor(session, found, part),
    before: flow[at - 1],
    after: at < 0 ? undefined : flow[at + 1],
    whole: found.part.sections.length > 1 ? found.part.id : undefined,
  }
}

async function elementFor(
  session: Session,
  screen: Parameters<typeof partScreen>[1],
  part: Part,
): Promise<HTMLElement> {
  const { kind } = screen.part
  if (kind === 'case') return caseScreen(session, part)
  if (kind === 'test')
    return testScreen(session, part, await load<readonly Question[]>('questions'))
  const element = partScreen(session, screen, part)
  if (kind === 'self-check') element.querySelector('.prose')?.after(proposal(session, part))
  return element
}

async function glossary(session: Session, path: string): Promise<Made> {
  const terms = await load<readonly Term[]>('glossary')
  return {
    title: session.text('glossary'),
    path: 'glossary',
    anchor: path.split('/')[1],
    element: glossaryScreen(session, terms),
  }
}

async function notes(session: Session): Promise<Made> {
  const parts = await Promise.all(session.course.parts.map(({ id }) => load<Part>(id)))
  return { title: session.text('notes'), path: 'notes', element: notesScreen(session, parts) }
}

async function whole(session: Session, path: string): Promise<Made> {
  const outline = session.course.parts.find(({ id }) => path === `print/${id}`)
  if (!outline) return onTheWay(session, '')
  const element = wholePart(session, outline, await load<Part>(outline.id))
  return { title: outline.title, path, element }
}
