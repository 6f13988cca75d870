const { reporters } = require('mocha')

/** Mocha's dots; failures are told first, and the last line says how many tests pass. */
module.exports = class extends reporters.Dot {
  epilogue() {
    const { passes, pending, failures, duration } = this.stats
    if (failures > 0) reporters.Base.list(this.failures)
    const lines = [
      ...(pending > 0 ? [`  ${pending} skipped`] : []),
      ...(failures > 0 ? [`  ${failures} failing`] : []),
      `  ${passes} passing (${Math.round(duration / 1000)}s)`,
    ]
    reporters.Base.consoleLog(`\n${lines.join('\n')}`)
  }
}
