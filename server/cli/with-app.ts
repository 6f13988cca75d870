import { createApp, type App } from '../app.js'
import { loadConfig } from '../config.js'
import { runningStore } from './running-store.js'

/** Runs work inside a Palier that answers no requests, beside one that does or not, and closes it. */
export async function withApp<T>(work: (app: App) => Promise<T>): Promise<T> {
  const config = { ...loadConfig(), logLevel: 'warn' }
  const mongodbUri = config.mongodbUri ?? (await runningStore(config.dataDir))
  const app = await createApp({ ...config, mongodbUri })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}
