import { readFileSync } from 'node:fs'
import { setInterval } from 'node:timers'

/** Loaded before a program, moves its clock by as many milliseconds as the file says that PALIER_TEST_CLOCK names. */
const Machine = globalThis.Date
let shift = 0
setInterval(() => {
  try {
    shift = Number(readFileSync(process.env.PALIER_TEST_CLOCK, 'utf8')) || 0
  } catch {
    shift = 0
  }
}, 50).unref()

globalThis.Date = class Date extends Machine {
  constructor(...given) {
    if (given.length === 0) super(Machine.now() + shift)
    else super(...given)
  }
  static now() {
    return Machine.now() + shift
  }
}
