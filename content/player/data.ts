const received = new Map<string, unknown>()
const waiting = new Map<string, (data: unknown) => void>()

/** Lets the scripts of `data/` hand over what they hold. */
export function receiveData(): void {
  const receive = (name: string, data: unknown): void => {
    received.set(name, data)
    waiting.get(name)?.(data)
    waiting.delete(name)
  }
  Object.assign(window, { palierData: receive })
}

/** One file of `data/`. Fetched once; fails when it cannot be had, and may then be asked for again. */
export function load<Data>(name: string): Promise<Data> {
  if (received.has(name)) return Promise.resolve(received.get(name) as Data)
  return new Promise((resolve, reject) => {
    waiting.set(name, (data) => resolve(data as Data))
    if (name === 'course') return
    const script = document.createElement('script')
    script.src = `data/${name}.js`
    script.onerror = () => {
      script.remove()
      reject(new Error(name))
    }
    document.head.append(script)
  })
}

/** Fetches everything in turn, so that an opened course goes on without a connection. */
export async function loadAhead(names: readonly string[]): Promise<void> {
  for (const name of names) await load(name).catch(() => undefined)
}
