interface Schedule {
  readonly every?: string
  readonly dailyAt?: string
}

const lengths: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/**
 * When a schedule runs next, strictly after `after`. Times are multiples of its length since 1970, so that every
 * process works out the same one. Undefined for what has no schedule.
 */
export function nextRun({ every, dailyAt }: Schedule, after: Date): Date | undefined {
  if (dailyAt) return nextDaily(dailyAt, after)
  if (!every) return undefined
  const length = lengthOf(every)
  return new Date((Math.floor(after.getTime() / length) + 1) * length)
}

function lengthOf(every: string): number {
  const [, count = '1', unit = ''] = /^(\d+) (second|minute|hour|day)s?$/.exec(every) ?? []
  const length = lengths[unit]
  if (!length) throw new Error(`Not a schedule: ${every}`)
  return Number(count) * length
}

function nextDaily(time: string, after: Date): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const at = new Date(after)
  at.setUTCHours(hours, minutes, 0, 0)
  if (at <= after) at.setUTCDate(at.getUTCDate() + 1)
  return at
}
