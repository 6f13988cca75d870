let read = (): Date => new Date()

/** The time it is. The only place that asks the machine. */
export const now = (): Date => read()

type Dates = readonly (Date | null | undefined)[]

const known = (dates: Dates): number[] => dates.flatMap((date) => (date ? [Number(date)] : []))

/** The earliest of some dates, if there is any. */
export function earliest(dates: Dates): Date | undefined {
  const all = known(dates)
  return all.length > 0 ? new Date(Math.min(...all)) : undefined
}

/** The latest of some dates, if there is any. */
export function latest(dates: Dates): Date | undefined {
  const all = known(dates)
  return all.length > 0 ? new Date(Math.max(...all)) : undefined
}

/** Lets a test say what time it is. */
export function setClock(clock: () => Date): void {
  read = clock
}

/** Back to the machine's own time. */
export function resetClock(): void {
  read = () => new Date()
}
