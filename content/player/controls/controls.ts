import type { QuestionKind } from '../course.js'
import { choice } from './choice.js'
import type { Control, ControlNeeds } from './control.js'
import { hotspot } from './hotspot.js'
import { match } from './match.js'
import { order } from './order.js'
import { typed } from './typed.js'

const makers: Readonly<Record<QuestionKind, (needs: ControlNeeds) => Control>> = {
  single: choice,
  multiple: choice,
  scenario: choice,
  hotspot,
  order,
  match,
  'fill-in': typed,
  numeric: typed,
}

/** The control for a question, by its kind. */
export const controlFor = (needs: ControlNeeds): Control => makers[needs.question.kind](needs)
