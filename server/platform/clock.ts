let read = (): Date => new Date()

/** The time it is. The only place that asks the machine. */
export const now = (): Date => read()

/** Lets a test say what time it is. */
export function setClock(clock: () => Date): void {
  read = clock
}

/** Back to the machine's own time. */
export function resetClock(): void {
  read = () => new Date()
}
