import { lookup } from 'node:dns/promises'
import { isLoopback, type Config } from '../../config.js'
import { bad, good, note, type Finding } from './check.js'

/** Whether the address people type is as safe as it should be. */
export function publicAddress({ publicUrl, production, trustProxy }: Config): Finding {
  if (new URL(publicUrl).pathname !== '/')
    return bad('address', `${publicUrl} has a path`, 'Give Palier a host name of its own.')
  if (!production) return good('address', publicUrl)
  if (!publicUrl.startsWith('https:'))
    return bad('address', `${publicUrl} is not encrypted`, 'Put a proxy with TLS in front.')
  if (trustProxy === 0)
    return note('address', 'no proxy is trusted', 'Set TRUST_PROXY to how many stand in front.')
  return good('address', `${publicUrl}, behind ${trustProxy} proxies`)
}

/** Whether the address people type leads to a Palier. */
export async function publicName({ publicUrl, production }: Config): Promise<Finding[]> {
  if (!production) return []
  const { hostname } = new URL(publicUrl)
  const todo =
    'See that PUBLIC_URL is written right, and that its DNS record leads to this machine.'
  if (!(await lookup(hostname).catch(() => undefined)))
    return [bad('address', `${hostname} leads nowhere`, todo)]
  const answer = await fetch(`${publicUrl}/health`, { signal: AbortSignal.timeout(3000) }).catch(
    () => undefined,
  )
  if (!answer)
    return [note('address', `nothing answers at ${publicUrl} yet`, 'Start it, and ask again.')]
  const health = (await answer.json().catch(() => undefined)) as { status?: string } | undefined
  if (health?.status === 'ok') return [good('address', `Palier answers at ${publicUrl}`)]
  return [bad('address', `another site answers at ${publicUrl}`, todo)]
}

/** Whether people's browsers find the host that uploaded courses are served from, and may show it. */
export async function contentHost({ contentUrl, publicUrl, production }: Config): Promise<Finding> {
  const { hostname: pattern, protocol } = new URL(contentUrl.replace('*.', 'label.'))
  if (publicUrl.startsWith('https:') && protocol !== 'https:') {
    const todo =
      'Give CONTENT_URL https:// as well: browsers show nothing unencrypted inside a page.'
    return bad('content', `${contentUrl} is not encrypted`, todo)
  }
  if (isLoopback(pattern)) {
    const found = `${contentUrl} (browsers resolve it themselves; some Safari versions do not)`
    return production
      ? bad('content', `${contentUrl} is this machine`, elsewhere)
      : good('content', found)
  }
  const todo = `Make a DNS record for ${pattern.replace('label.', '*.')} that leads to this machine.`
  const address = await lookup(pattern).catch(() => undefined)
  if (!address) return bad('content', `${pattern} leads nowhere`, todo)
  if (production && !contentUrl.includes('*.')) {
    const shared = 'all packages share one host, and so their storage'
    return note('content', shared, 'Give CONTENT_URL a leading `*.` and the DNS record for it.')
  }
  return good('content', `${pattern} leads to ${address.address}`)
}

const elsewhere =
  'Set CONTENT_URL to a domain that people’s browsers reach, as https://*.palier-content.example.'
