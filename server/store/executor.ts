import type { Connection } from './connection.js'
import type { Reply } from './commands/command.js'
import { errorReply, runTask, understand, type Task } from './dispatch.js'
import type { Failure } from './fail-point.js'
import type { Scheduler } from './scheduler.js'
import type { Store } from './store.js'
import { withFields } from './wire/batch.js'
import type { Message } from './wire/message.js'

/** Brings messages to the scheduler, and meets them with the failures that tests ask for. */
export class Executor {
  readonly #store: Store
  readonly #scheduler: Scheduler

  constructor(store: Store, scheduler: Scheduler) {
    this.#store = store
    this.#scheduler = scheduler
  }

  /** Answers one message; a message that makes no sense is answered with why. */
  execute(message: Message, connection: Connection, reply: (reply: Reply) => void): void {
    const task = this.#understand(message, connection, reply)
    if (task === undefined) return
    const failure = this.#store.failPoint.next(task.request.name, connection.client.application)
    if (failure === undefined) this.#submit(task, reply)
    else this.#fail(failure, { task, connection, reply })
  }

  #understand(
    message: Message,
    { client }: Connection,
    reply: (reply: Reply) => void,
  ): Task | undefined {
    try {
      return understand(message, client)
    } catch (error) {
      reply(errorReply(error))
      return undefined
    }
  }

  #submit(task: Task, reply: (reply: Reply) => void): void {
    this.#scheduler.submit({
      writes: task.writes,
      run: () => runTask(this.#store, task),
      failed: errorReply,
      reply,
    })
  }

  #fail(
    { closeConnection, blockMs, error, writeConcernError, labels }: Failure,
    {
      task,
      connection,
      reply,
    }: { task: Task; connection: Connection; reply: (reply: Reply) => void },
  ): void {
    const errorLabels = labels === undefined ? {} : { errorLabels: labels }
    const later = (action: () => void): void => {
      setTimeout(action, blockMs)
    }
    if (closeConnection) {
      connection.destroy()
    } else if (error !== undefined) {
      const errmsg = `Failing command via 'failCommand' failpoint`
      later(() => {
        reply({ ok: 0, errmsg, codeName: 'FailPoint', ...error, ...errorLabels })
      })
    } else {
      const extra = writeConcernError === undefined ? {} : { writeConcernError, ...errorLabels }
      later(() => {
        this.#submit(task, (answer) => {
          reply(Buffer.isBuffer(answer) ? withFields(answer, extra) : { ...answer, ...extra })
        })
      })
    }
  }
}
