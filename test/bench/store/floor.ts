import { createServer } from 'node:net'
import { encode } from '../../../server/store/bson/raw.js'
import { batchReply } from '../../../server/store/wire/batch.js'
import { Framer, parseMessage, replyHeader } from '../../../server/store/wire/message.js'

/** A server that understands nothing and answers everything: what the driver and the socket cost by themselves. */
const socket = process.argv[2] ?? ''

const hello = encode({
  helloOk: true,
  ismaster: true,
  isWritablePrimary: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  logicalSessionTimeoutMinutes: 30,
  connectionId: 1,
  minWireVersion: 0,
  maxWireVersion: 25,
  readOnly: false,
  ok: 1,
})
const document = encode({ _id: 1, name: 'somebody', unit: 7, text: 'x'.repeat(200) })
const found = batchReply({
  name: 'firstBatch',
  documents: [document],
  cursorId: 0n,
  namespace: 'palier.a',
})
const replies: Readonly<Record<string, Buffer>> = {
  find: found,
  insert: encode({ n: 1, ok: 1 }),
  update: encode({ n: 1, nModified: 1, ok: 1 }),
}

createServer({ noDelay: true }, (connection) => {
  const framer = new Framer((raw) => {
    const message = parseMessage(raw)
    const name = message.body.toString('utf8', 5, message.body.indexOf(0, 5))
    const reply = replies[name] ?? hello
    if (!message.moreToCome)
      connection.write(Buffer.concat([replyHeader(message, reply.length), reply]))
  })
  connection.on('data', (chunk: Buffer) => framer.push(chunk))
  connection.on('error', () => connection.destroy())
}).listen(socket, () => process.send?.('ready'))

process.once('disconnect', () => process.exit(0))
