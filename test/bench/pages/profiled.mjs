import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'

/** Loaded into a Palier that is to be looked into: SIGUSR2 begins a CPU profile, and the next one writes it down. */
const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.setSamplingInterval', { interval: 500 })
let isOn = false

process.on('SIGUSR2', () => void turn())

async function turn() {
  isOn = !isOn
  if (isOn) return session.post('Profiler.start')
  const { profile } = await session.post('Profiler.stop')
  writeFileSync(process.env.PROFILE_FILE, JSON.stringify(profile))
}
