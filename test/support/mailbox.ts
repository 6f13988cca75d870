import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** A mail server in this process: what was sent to it, whole. */
export interface Mailbox {
  readonly smtpUrl: string
  /** Messages as they came, headers and all, in order. */
  readonly received: string[]
  /** Takes the next messages and says that it could not: the sender has to try again. */
  refuse(messages: number): void
  /** Wants no sender from now on (RFC 5321 §4.2.1, 550). */
  refuseSenders(): void
  close(): Promise<void>
}

/** Starts a mail server on a port of its own, which knows every address but `nobody@…`. */
export async function openMailbox(): Promise<Mailbox> {
  const received: string[] = []
  let refusals = 0
  let refusesSenders = false
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onMailFrom(_address, _session, done) {
      const unwanted = Object.assign(new Error('sender not allowed'), { responseCode: 550 })
      done(refusesSenders ? unwanted : null)
    },
    onRcptTo({ address }, _session, done) {
      const unknown = Object.assign(new Error('no such mailbox'), { responseCode: 550 })
      done(address.startsWith('nobody@') ? unknown : null)
    },
    onData(stream, _session, done) {
      const take = (message: string): void => {
        received.push(message)
        refusals -= 1
        done(refusals >= 0 ? Object.assign(new Error('busy'), { responseCode: 451 }) : null)
      }
      // A sender that died in the middle has sent nothing.
      void text(stream).then(take, done)
    },
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.server.address() as AddressInfo
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    received,
    refuse: (messages) => void (refusals = messages),
    refuseSenders: () => void (refusesSenders = true),
    close: () => new Promise<void>((done) => server.close(done)),
  }
}
