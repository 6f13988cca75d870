import { spawn, spawnSync } from 'node:child_process'
import type { Context } from 'mocha'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** A redis-server of the test's own, that keeps nothing. */
export interface RunningRedis {
  /** Lets it answer nothing while its connections stay, as a machine does that hangs. */
  freeze(): void
  thaw(): void
  kill(): Promise<void>
}

/** Skips a test, with a clear line, where this machine has no redis-server. */
export function needsRedis(context: Context): void {
  if (spawnSync('redis-server', ['--version']).status === 0) return
  console.log('    skipped: no redis-server on this machine')
  context.skip()
}

/** Starts it on a port, and waits until it takes connections. */
export async function startRedis(port: number): Promise<RunningRedis> {
  const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', ['--port', String(port), ...settings], { stdio: 'ignore' })
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
    await wait(50)
  }
  return {
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => {
      child.kill('SIGKILL')
      return gone
    },
  }
}

const takesConnections = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true))
    socket.on('error', () => done(false)).on('close', () => done(false))
    socket.on('connect', () => socket.end())
  })
