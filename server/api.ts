/** The platform's public surface: the only module of core that a plugin may import, as `#core`. */
export { definePlugin } from './kernel/contract.js'
export type { Actor, Contributions, Events, Filters, Id, Name, Plugin } from './kernel/contract.js'
export { contributions, enabledPlugins } from './kernel/plugins.js'
export { reshape } from './kernel/events.js'
export { logger } from './kernel/logger.js'
export { readConfig } from './config.js'
export {
  AppError,
  Conflict,
  Forbidden,
  Invalid,
  NotFound,
  TooLarge,
  TooMany,
  Unauthenticated,
  Unavailable,
  type FieldError,
} from './errors.js'
export {
  already,
  answers,
  anyone,
  byToken,
  can,
  creates,
  downloads,
  goesTo,
  routes,
  shows,
  signedIn,
  subject,
  takes,
  type Context,
  type Owned,
  type UploadedFile,
} from './http/routes.js'
export { addressOf, listQuery, pageOf, toPage, windowOf, type ListQuery, type Page } from './http/lists.js'
export { html, trusted, type SafeHtml } from './http/safe-html.js'
export { contentUrlFor, capabilityOf, type Capability } from './http/content-origin.js'
export type { NavEntry, Panel, PanelRequest } from './http/shell.js'
