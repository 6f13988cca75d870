import { now } from '../../../platform/clock.js'
import { addMonths, dayAt } from '../../assigning/days.js'

/** The beginning of the day so many months ago (UTC), so that what is counted in a day is what its job removes. */
export const monthsAgo = (months: number): Date => new Date(addMonths(dayAt(now(), 'UTC'), -months))
