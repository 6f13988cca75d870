import { createApp, type App } from '../app.js'
import { loadConfig } from '../config.js'

/** Runs work inside a Palier that answers no requests, and closes it. */
export async function withApp<T>(work: (app: App) => Promise<T>): Promise<T> {
  const app = await createApp({ ...loadConfig(), logLevel: 'warn' })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}
