import type { Command } from './command.js'
import { adminCommands } from './admin.js'
import { aggregateCommands } from './aggregate.js'
import { bulkWriteCommands } from './bulk-write.js'
import { collectionCommands } from './collections.js'
import { countCommands } from './count.js'
import { deleteCommands } from './delete.js'
import { explainCommands } from './explain.js'
import { findAndModifyCommands } from './find-and-modify.js'
import { findCommands } from './find.js'
import { handshakeCommands } from './handshake.js'
import { indexCommands } from './indexes.js'
import { insertCommands } from './insert.js'
import { updateCommands } from './update.js'

/** Every command this store knows, by name. */
export const commandTable: ReadonlyMap<string, Command> = new Map(
  [
    handshakeCommands,
    findCommands,
    countCommands,
    aggregateCommands,
    insertCommands,
    updateCommands,
    deleteCommands,
    findAndModifyCommands,
    bulkWriteCommands,
    collectionCommands,
    indexCommands,
    explainCommands,
    adminCommands,
  ]
    .flat()
    .map((command) => [command.name, command]),
)
