import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { getDomain } from 'tldts'
import { z, type ZodObject } from 'zod'

/** One setting as `palier doctor` prints it. */
export interface SettingSource {
  readonly name: string
  readonly value: string
  readonly from: 'environment' | 'default' | 'kept in DATA_DIR'
}

const problems: string[] = []
const sources: SettingSource[] = []

/** Reads a plugin's settings: `maxPackageMb` of `scorm` is SCORM_MAX_PACKAGE_MB. Problems wait for `checkConfig`. */
export function readConfig<S extends ZodObject>(plugin: string, schema: S): Readonly<z.infer<S>> {
  const nameOf = (key: string): string => variable(plugin, key)
  const given = Object.keys(schema.shape).map((key) => [key, process.env[nameOf(key)] || undefined])
  const parsed = schema.safeParse(Object.fromEntries(given))
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((i) => `${nameOf(String(i.path[0]))}: ${i.message}`))
    return {} as Readonly<z.infer<S>>
  }
  remember(parsed.data, nameOf)
  return Object.freeze(parsed.data)
}

/** What is wrong with the settings of the core and of every plugin that was loaded. */
export const configProblems = (): readonly string[] => problems

/** Stops the boot with every problem of every plugin at once, rather than the first. */
export function checkConfig(): void {
  if (problems.length > 0) throw new Error(`Configuration is invalid\n${problems.join('\n')}`)
}

/** Every setting with where its value came from, secrets hidden. */
export const settingSources = (): readonly SettingSource[] => sources

const coreSettings = z.object({
  port: z.coerce.number().int().min(0).max(65535).default(3000),
  host: z.string().optional(),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  trustProxy: z.coerce.number().int().min(0).max(10).default(0),
  /** How long a process that was told to end says so to a load balancer before it stops answering. */
  drainSeconds: z.coerce.number().min(0).max(300).default(0),
  contentUrl: z.string().optional(),
  mongodbUri: z.string().startsWith('mongodb').optional(),
  /** Carries hints between the sockets of several processes. */
  redisUrl: z.url({ protocol: /^rediss?$/ }).optional(),
  /** `https://key:secret@host/bucket?region=…` */
  s3Url: z
    .string()
    .regex(/^https?:\/\/[^:/@]+:[^:/@]+@[^/@]+\/[^/?]+(\?region=[\w-]+)?$/, {
      error:
        'wants https://key:secret@host/bucket?region=…, with / and @ in the secret as %2F and %40',
    })
    .optional(),
  dataDir: z.string().default('data'),
  smtpUrl: z.string().startsWith('smtp').optional(),
  sessionSecret: z.string().min(32).optional(),
  /** Whoever knows it may read `/metrics`; without it only this machine may. */
  metricsToken: z.string().min(16).optional(),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  nodeEnv: z.enum(['development', 'production', 'test']).default('development'),
  plugins: z.string().default(''),
  pluginsDisabled: z.string().default(''),
})

export interface Config {
  readonly port: number
  readonly host: string
  readonly publicUrl: string
  /** One content host, or a pattern with `*` for one label per person and package. */
  readonly contentUrl: string
  readonly trustProxy: number
  readonly drainSeconds: number
  readonly mongodbUri: string | undefined
  readonly redisUrl: string | undefined
  readonly s3Url: string | undefined
  readonly dataDir: string
  readonly smtpUrl: string | undefined
  readonly sessionSecret: string
  readonly metricsToken: string | undefined
  readonly logLevel: string
  readonly production: boolean
  /** True where the demo institution is loaded into an empty store. */
  readonly demo: boolean
  readonly plugins: readonly string[]
  readonly pluginsDisabled: readonly string[]
}

/** Reads the core's settings, with `overrides` (tests, command line) before the environment. */
export function loadConfig(overrides: Partial<Config> = {}): Config {
  const read = readConfig('', coreSettings)
  checkConfig()
  const port = overrides.port ?? read.port
  const publicUrl = overrides.publicUrl ?? read.publicUrl ?? `http://localhost:${port}`
  const loopback = isLoopback(new URL(publicUrl).hostname)
  const production = read.nodeEnv === 'production' || !loopback
  const mongodbUri = overrides.mongodbUri ?? read.mongodbUri
  const dataDir = resolve(overrides.dataDir ?? read.dataDir)
  const config: Config = {
    port,
    host: read.host ?? (loopback ? '127.0.0.1' : '0.0.0.0'),
    publicUrl: publicUrl.replace(/\/$/, ''),
    contentUrl: read.contentUrl ?? `http://*.content.localhost:${port}`,
    trustProxy: read.trustProxy,
    drainSeconds: read.drainSeconds,
    mongodbUri,
    redisUrl: read.redisUrl,
    s3Url: read.s3Url,
    dataDir,
    smtpUrl: read.smtpUrl,
    sessionSecret: overrides.sessionSecret ?? read.sessionSecret ?? keptSecret(dataDir, production),
    metricsToken: read.metricsToken,
    logLevel: read.logLevel ?? (production ? 'info' : 'warn'),
    production,
    demo: !production && !mongodbUri,
    plugins: listOf(read.plugins),
    pluginsDisabled: listOf(read.pluginsDisabled),
    ...overrides,
  }
  checkContentHost(config)
  tellDefaults(config)
  return config
}

/** The names of all variables that are set, for those who look for typing mistakes. */
export const variables = (): string[] => Object.keys(process.env)

/** Whether a host name means this machine. */
export const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(hostname) || hostname.endsWith('.localhost')

function variable(plugin: string, key: string): string {
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter}`)
  return (plugin ? `${plugin}_${snake}` : snake).replace(/-/g, '_').toUpperCase()
}

function remember(values: Record<string, unknown>, nameOf: (key: string) => string): void {
  for (const [key, value] of Object.entries(values)) {
    const name = nameOf(key)
    if (sources.some((source) => source.name === name)) continue
    const from = process.env[name] ? 'environment' : 'default'
    sources.push({ name, value: told(name, value), from })
  }
}

const secret = /SECRET|PASSWORD|METRICS_TOKEN|URI|SMTP_URL|REDIS_URL|S3_URL|KEY$/

const told = (name: string, value: unknown): string =>
  value && secret.test(name) ? '(hidden)' : String(value ?? '')

/** What was not set follows from the rest: its value is known only now. */
function tellDefaults(config: Config): void {
  for (const [key, value] of Object.entries(config)) {
    const name = variable('', key)
    const at = sources.findIndex((source) => source.name === name)
    if (sources[at]?.from !== 'default') continue
    const from = name === 'SESSION_SECRET' ? 'kept in DATA_DIR' : 'default'
    sources[at] = { name, value: told(name, value), from }
  }
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

/** Outside production the secret is made once and kept beside the data, so that sessions survive a restart. */
function keptSecret(dataDir: string, production: boolean): string {
  if (production) throw new Error('SESSION_SECRET: required in production (at least 32 characters)')
  const file = join(dataDir, 'session-secret')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const secret = randomBytes(32).toString('hex')
  writeFileSync(file, secret, { mode: 0o600 })
  return secret
}

/** Uploaded content on the application's own site could ride on its cookies: refused in production. */
function checkContentHost({ production, publicUrl, contentUrl }: Config): void {
  if (!URL.canParse(contentUrl.replace('*.', '')))
    throw new Error(`CONTENT_URL: ${contentUrl} is no address`)
  if (!production) return
  const app = new URL(publicUrl).hostname
  const content = new URL(contentUrl.replace('*.', '')).hostname
  const site = (host: string): string => getDomain(host, { allowPrivateDomains: true }) ?? host
  if (site(app) === site(content)) {
    throw new Error(
      `CONTENT_URL: ${content} must be on another registrable domain than PUBLIC_URL (${app})`,
    )
  }
}
