import type { Standard } from '../contract.js'

const timespan12 = /^(\d{2,10}):(\d{2}):(\d{2}(?:\.\d{1,2})?)$/
const timespan2004 =
  /^P(?=.)(?:(\d+(?:[.,]\d+)?)Y)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?(?:T(?=\d)(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/

const day = 86_400
/** Seconds in a year, month, week, day, hour, minute, second, as SCORM 2004 counts them roughly. */
const weights = [365.25 * day, 30.4375 * day, 7 * day, day, 3600, 60, 1]

/** Seconds of a timespan as its standard writes it, or undefined where it is none. */
export function secondsOf(standard: Standard, text: string): number | undefined {
  const match = (standard === '1.2' ? timespan12 : timespan2004).exec(text)
  if (!match) return undefined
  const parts = match.slice(1).map((part) => Number((part ?? '0').replace(',', '.')))
  const used = standard === '1.2' ? weights.slice(4) : weights
  return used.reduce((sum, weight, at) => sum + weight * (parts[at] ?? 0), 0)
}

/** A timespan as its standard writes it, to the hundredth of a second. */
export function timespan(standard: Standard, seconds: number): string {
  const hundredths = Math.round(seconds * 100)
  const hours = Math.floor(hundredths / 360_000)
  const minutes = Math.floor((hundredths % 360_000) / 6000)
  const rest = (hundredths % 6000) / 100
  if (standard === '2004') return `PT${hours}H${minutes}M${rest}S`

  const whole = Math.floor(rest)
  const fraction = Math.round((rest - whole) * 100)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${String(hours).padStart(4, '0')}:${two(minutes)}:${two(whole)}.${two(fraction)}`
}
