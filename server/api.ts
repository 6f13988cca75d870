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
export {
  addressOf,
  listQuery,
  orderOf,
  pageOf,
  sortOf,
  toPage,
  windowOf,
  type ListQuery,
  type Page,
} from './http/lists.js'
export { html, trusted, type SafeHtml } from './http/safe-html.js'
export { capabilityOf, contentUrlFor, publicUrl, type Capability } from './http/content-origin.js'
export { opened, signed } from './http/signing.js'
export { mostFound, type Found, type Search, type SearchSource } from './http/search-routes.js'
export type { FootEntry, NavEntry, Panel, PanelRequest } from './http/shell.js'
export { formatFor, type Format } from './http/format.js'
export type { ListFile } from './http/list-files.js'
export { now } from './platform/clock.js'
export {
  defineModel,
  insertMissing,
  isDuplicateKey,
  Schema,
  type Model,
} from './platform/database.js'
export { translator, type Translate } from './platform/i18n.js'
export { enqueue, type Job } from './platform/jobs.js'
export { sendMail } from './platform/mail.js'
export { announce } from './platform/outbox.js'
export { owedIndex, owes, owingFields, settle, type Owing } from './platform/owed.js'
export { send, sendToPerson, type Channel } from './platform/realtime.js'
export type { Seed } from './platform/seeds.js'
export { storage } from './platform/storage.js'
export { pageAndTotal } from './platform/totals.js'
export { matchesWords, wordFilter, wordsOf } from './platform/words.js'
export { startWorker } from './platform/workers.js'
export { may, systemActor, type Grant, type Permission, type Role } from './domain/people/access.js'
export { isSessionOpen } from './domain/people/sessions.js'
export { audit } from './domain/people/audit.js'
export { findPerson, peopleNamed, type PersonName } from './domain/people/people.js'
export type { PersonalData } from './domain/people/contract.js'
export type { Retention } from './domain/privacy/contract.js'
export { onePer } from './domain/people/joining.js'
export { scopeOf, visiblePeople, visibleTo } from './domain/organisation/scope.js'
export { notify } from './domain/notifications/notify.js'
export type { ChangeSource, NotificationKind, Presented } from './domain/notifications/contract.js'
export { excerpt, markdown } from './http/markdown.js'
export { personActor } from './domain/people/actors.js'
export { postOf } from './domain/organisation/positions.js'
export { nearestHolders } from './domain/organisation/nearest.js'
export { titleIn } from './domain/organisation/posts.js'
export { findUnit, nameIn, unitsNamed, type Unit } from './domain/organisation/units.js'
export { addEvidence, type NewEvidence } from './domain/competencies/evidence.js'
export { levelsOfPeople } from './domain/competencies/levels.js'
export {
  gapsBetween,
  gapsOf,
  gapsOfPeople,
  targetsOf,
  type Gap,
} from './domain/competencies/gaps.js'
export { competenciesNamed, competencyChoices } from './domain/competencies/frameworks.js'
export type {
  Assurance,
  Evidence,
  EvidenceKind,
  Kind,
  Level,
} from './domain/competencies/contract.js'
export { openCourseChoices } from './domain/learning/catalogue.js'
export {
  authorCourses,
  coursesNamed,
  findCourse,
  ownedCourse,
  type Course,
} from './domain/learning/courses.js'
export { onCourse } from './domain/learning/subjects.js'
export { belongsTo, coursesOf, type CourseName } from './domain/learning/membership.js'
export { findPackageVersion, type PackageVersion } from './domain/learning/packages.js'
export type {
  Answer,
  ImportReport,
  PackageArchive,
  PackageHandler,
  Play,
  PlayerPage,
  Progress,
} from './domain/learning/contract.js'
export { attemptFor, attemptsOver, type Attempt } from './domain/learning/attempts.js'
export { recordProgress } from './domain/learning/progress.js'
export { recordAnswers } from './domain/learning/questions/recording.js'
export { mayPlay } from './domain/learning/playing.js'
export { completionsOf, type Completion } from './domain/learning/completions.js'
export { withdrawnSince } from './domain/learning/corrections/reading.js'
export { enrol, enrolmentOf, enrolmentsOf, type Enrolment } from './domain/learning/enrolments.js'
