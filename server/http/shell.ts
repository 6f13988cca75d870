import type { Actor, Id, Name } from '../kernel/contract.js'
import { logger } from '../kernel/logger.js'
import { contributions } from '../kernel/plugins.js'
import { languages, type Language, type Translate } from '../platform/i18n.js'
import type { Announcement } from './announcements.js'
import type { Owned } from './routes.js'

export interface NavEntry {
  /** Translation key of its text. */
  readonly label: Name
  readonly href: string
  readonly icon: string
  readonly needs?: Name
  /** 0–99 daily work, 100–199 people and figures, 200+ administration. */
  readonly order: number
  readonly group?: 'main' | 'admin'
}

/** A page that the foot of every page leads to, signed in or not. */
export interface FootEntry {
  readonly label: Name
  readonly href: string
  readonly order: number
  /** It is told as `page` where one comes from; a page that says what went wrong leads there too, with its `request`. */
  readonly tellsPage?: boolean
}

export interface PanelRequest {
  readonly actor: Actor
  /** What the page is about: the value of its subject. */
  readonly subject: unknown
  readonly language: string
  readonly t: Translate
}

export interface Panel {
  readonly place: Name | 'home'
  readonly view: Name
  readonly needs?: Name
  readonly order?: number
  /** What its view shows as `l.shown`. Nothing: the panel stays away. */
  load(request: PanelRequest): Promise<object | undefined>
}

declare module '../kernel/contract.js' {
  interface Contributions {
    nav: NavEntry
    foot: FootEntry
    panels: Panel
  }
}

/** How every page looks to whoever visits: what their institution chose. */
export interface Look {
  name(language: string): string
  readonly logo?: {
    readonly href: string
    readonly type: string
    readonly width: number
    readonly height: number
  }
  /** The address of a stylesheet with the institution's colours. */
  readonly stylesheet?: string
  /** The languages that forms offer, and that a browser's wish is chosen from. */
  readonly languages: readonly Language[]
  /** What is announced now or soon, the earliest first. */
  readonly announcements: readonly Announcement[]
}

/** Where no institution chose anything. */
export const plainLook: Look = { name: () => 'Palier', languages, announcements: [] }

export type May = (actor: Actor, permission: Name, object?: Owned) => boolean

/** The entries of the rail that this actor may follow, in order. */
export function navFor(actor: Actor | undefined, may: May): readonly NavEntry[] {
  if (!actor) return []
  return contributions('nav')
    .filter(({ needs }) => !needs || may(actor, needs))
    .toSorted((a, b) => a.order - b.order)
}

/** Where the foot of the page leads, in order. */
export const footEntries = (): readonly FootEntry[] =>
  contributions('foot').toSorted((a, b) => a.order - b.order)

export interface PanelPlace {
  readonly place: Name | 'home'
  readonly owned: Owned | undefined
  readonly subjectId?: Id
}

/** What a panel shows, before it is drawn. */
export interface LoadedPanel {
  readonly view: Name
  readonly shown: object
}

/** Loads the panels of a place that this actor may see. One that fails is logged and left out. */
export async function loadPanels(
  { place, owned }: PanelPlace,
  request: PanelRequest,
  may: May,
): Promise<LoadedPanel[]> {
  const wanted = contributions('panels')
    .filter((panel) => panel.place === place)
    .filter(({ needs }) => !needs || may(request.actor, needs, owned))
    .toSorted((a, b) => (a.order ?? 50) - (b.order ?? 50))
  const loaded = await Promise.all(wanted.map((panel) => loadPanel(panel, request)))
  return loaded.flat()
}

async function loadPanel(panel: Panel, request: PanelRequest): Promise<LoadedPanel[]> {
  try {
    const shown = await panel.load(request)
    return shown ? [{ view: panel.view, shown }] : []
  } catch (error) {
    leaveOut(panel.view, error)
    return []
  }
}

/** Says which panel a page is shown without. */
export const leaveOut = (view: Name, error: unknown): void =>
  logger.error({ err: error, view }, 'a panel could not be drawn')
