import { decimal, either, matches, oneOf, readable, text, writable } from './checks.js'

const status = oneOf('passed', 'completed', 'failed', 'incomplete', 'browsed', 'not attempted')
const score = decimal(0, 100)
const clock = either(oneOf(''), matches(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?$/))
const timespan = either(oneOf(''), matches(/^\d{2,10}:\d{2}:\d{2}(\.\d{1,2})?$/))
const identifier = text(4000)
const answer = text(4000)

/** SCORM 1.2 Run-Time Environment, section 3.4, with scorm-again's wider sizes: what it lets in is stored whole. */
export const elements12 = new Map([
  ...writable({
    'core.lesson_location': text(255),
    'core.lesson_status': status,
    'core.exit': oneOf('time-out', 'suspend', 'logout', ''),
    'core.session_time': timespan,
    'core.score.raw': score,
    'core.score.min': score,
    'core.score.max': score,
    suspend_data: text(64_000),
    comments: text(64_000),
    'student_preference.audio': decimal(-1, 100),
    'student_preference.language': text(255),
    'student_preference.speed': decimal(-100, 100),
    'student_preference.text': decimal(-1, 1),
    'objectives.n.id': identifier,
    'objectives.n.score.raw': score,
    'objectives.n.score.min': score,
    'objectives.n.score.max': score,
    'objectives.n.status': either(status, oneOf('')),
    'interactions.n.id': identifier,
    'interactions.n.objectives.n.id': identifier,
    'interactions.n.time': clock,
    'interactions.n.type': oneOf(
      'true-false',
      'choice',
      'fill-in',
      'matching',
      'performance',
      'sequencing',
      'likert',
      'numeric',
      '',
    ),
    'interactions.n.correct_responses.n.pattern': answer,
    'interactions.n.weighting': decimal(-100, 100),
    'interactions.n.student_response': answer,
    'interactions.n.result': either(
      oneOf('correct', 'wrong', 'incorrect', 'unanticipated', 'neutral', ''),
      decimal(),
    ),
    'interactions.n.latency': timespan,
  }),
  ...readable([
    '_version',
    '_children',
    'core._children',
    'core.student_id',
    'core.student_name',
    'core.credit',
    'core.entry',
    'core.score._children',
    'core.total_time',
    'core.lesson_mode',
    'launch_data',
    'comments_from_lms',
    'student_data._children',
    'student_data.mastery_score',
    'student_data.max_time_allowed',
    'student_data.time_limit_action',
    'student_preference._children',
    'objectives._children',
    'objectives._count',
    'interactions._children',
    'interactions._count',
  ]),
])
