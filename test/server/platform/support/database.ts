import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { definePlugin, type Plugin } from '../../../../server/kernel/contract.js'
import { logger } from '../../../../server/kernel/logger.js'
import { enable } from '../../../../server/kernel/plugins.js'
import { resetClock } from '../../../../server/platform/clock.js'
import {
  closeDatabase,
  connectDatabase,
  ensureIndexes,
} from '../../../../server/platform/database.js'
import { stopTestApp } from '../../../support/app.js'

let dataDir = ''

/** The embedded store of its own, with the platform's collections and nothing else running. */
export async function openDatabase(): Promise<string> {
  await stopTestApp()
  logger.level = 'silent'
  dataDir = mkdtempSync(join(tmpdir(), 'palier-platform-'))
  await connectDatabase({ mongodbUri: undefined, dataDir })
  await ensureIndexes()
  return dataDir
}

export async function closeAll(): Promise<void> {
  resetClock()
  enable([])
  await closeDatabase()
  rmSync(dataDir, { recursive: true, force: true })
}

/** Enables one plugin that exists for a test alone. */
export function enableOnly(plugin: Partial<Plugin>): void {
  enable([definePlugin({ id: 'trial', ...plugin })])
}
