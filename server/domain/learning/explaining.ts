import { formatFor } from '../../http/format.js'
import { translator } from '../../platform/i18n.js'
import type { Progress } from './contract.js'
import type { Activity, ActivityProgress, Enrolment } from './models.js'

/** Who reads an explanation. */
export interface Reader {
  readonly language: string
  readonly timeZone?: string | undefined
}

/** Why a step is done or what it still wants, in the reader's words. */
export function whyStep(
  reader: Reader,
  { criterion }: Pick<Activity, 'criterion'>,
  progress: ActivityProgress | undefined,
): string {
  const t = translator(reader.language)
  if (!progress) return t(`learning:why.${criterion}-untouched`)
  const score = scoreText(reader, progress.score)
  if (progress.done) {
    const at = formatFor(reader.language, reader.timeZone).date(progress.doneAt ?? progress.savedAt)
    const scored = criterion === 'passed' && score !== undefined
    return scored
      ? t('learning:why.passed-with', { at, score })
      : t(`learning:why.${criterion}-met`, { at })
  }
  if (criterion === 'passed' && progress.success === 'failed') {
    return score === undefined ? t('learning:why.failed') : t('learning:why.failed-with', { score })
  }
  return t(`learning:why.${criterion}-unmet`)
}

/** Why a course is complete, or what it still wants. */
export function whyCourse(
  reader: Reader,
  enrolment: Enrolment | null,
  { missing, total }: { missing: readonly string[]; total: number },
): string {
  const t = translator(reader.language)
  const format = formatFor(reader.language, reader.timeZone)
  if (enrolment?.completedAt) {
    return t('learning:why.course-complete', { at: format.date(enrolment.completedAt) })
  }
  if (total === 0) return t('learning:why.course-empty')
  if (missing.length === 0) return t('learning:why.course-done')
  return t('learning:why.course-missing', {
    left: missing.length,
    total,
    titles: format.list(missing),
  })
}

/** A score as a reader is told it: a percentage where it is scaled, else as the content counts. */
export function scoreText(reader: Reader, score: Progress['score']): string | undefined {
  const format = formatFor(reader.language)
  if (score?.scaled !== undefined) return format.percent(score.scaled)
  if (score?.raw === undefined) return undefined
  const raw = format.number(score.raw)
  return score.max === undefined ? raw : `${raw} / ${format.number(score.max)}`
}

/** ISO 8601, as programs are told of lengths of time. */
export function isoDuration(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor((whole % 3600) / 60),
    whole % 60,
  ]
  const parts = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest ? `${rest}S` : ''}`
  return `PT${parts || '0S'}`
}
