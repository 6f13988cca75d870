import { edgesOf, type Edge, type Sources } from './sources.js'

/** One rule of the architecture: what it says, and what breaks it in these sources. */
export interface Rule {
  readonly says: string
  broken(sources: Sources): string[]
}

const layers = ['kernel', 'platform', 'http', 'domain']
const domain = [
  'people',
  'organisation',
  'competencies',
  'learning',
  'assigning',
  'privacy',
  'merging',
  'support',
  'imports',
]
const pluginOf = (file: string): string | undefined => /^plugins\/([^/]+)\//.exec(file)?.[1]
const isTest = (file: string): boolean => /(^|\/)test\//.test(file)
const isClient = (file: string): boolean => /(^|\/)assets\//.test(file)
const layerOf = (file: string): number =>
  file.startsWith('server/') ? layers.indexOf(file.split('/')[1] ?? '') : -1
const featureOf = (file: string): string | undefined => /^server\/domain\/([^/]+)\//.exec(file)?.[1]
const list = (edges: readonly Edge[]): string[] => edges.map(({ from, to }) => `${from} → ${to}`)

const onEdges =
  (breaks: (edge: Edge) => boolean) =>
  (sources: Sources): string[] =>
    list(edgesOf(sources).filter((edge) => !isTest(edge.from) && breaks(edge)))

const onText =
  (pattern: RegExp, allowed: (file: string) => boolean) =>
  (sources: Sources): string[] =>
    [...sources]
      .filter(([file, text]) => !isTest(file) && !allowed(file) && pattern.test(text))
      .map(([file]) => file)

const may =
  (...patterns: readonly RegExp[]) =>
  (file: string): boolean =>
    patterns.some((pattern) => pattern.test(file))

function domainBreach({ from, to }: Edge): boolean {
  const [here, there] = [featureOf(from), featureOf(to)]
  if (!here || !there || here === there) return false
  if (there === 'notifications') return false
  if (here === 'notifications') return there !== 'people'
  return domain.indexOf(there) > domain.indexOf(here)
}

function crossesPlugins({ from, to }: Edge): boolean {
  const here = pluginOf(from)
  const there = pluginOf(to) ?? /^#plugins\/([^/]+)/.exec(to)?.[1]
  if (!here || !there || here === there) return false
  return !/^#plugins\/[^/]+\/contract$/.test(to)
}

const contractOf = (plugin: string): RegExp =>
  new RegExp(`(requires|enhances): \\[[^\\]]*'${plugin}'`)

function unnamedNeighbours(sources: Sources): string[] {
  return list(
    edgesOf(sources).filter(({ from, to }) => {
      const here = pluginOf(from)
      const there = /^#plugins\/([^/]+)\/contract$/.exec(to)?.[1]
      if (!here || !there || here === there || isTest(from)) return false
      return !contractOf(there).test(sources.get(`plugins/${here}/index.ts`) ?? '')
    }),
  )
}

const seesRequest = may(
  /^server\/http\//,
  /^server\/(app|index)\.ts$/,
  /routes\.ts$/,
  /^server\/domain\/people\/authentication\.ts$/,
  /^server\/platform\/realtime\.ts$/,
)

/** Accounts themselves, what works out where everybody belongs, and whether anybody is there yet. */
const knowsEverybody = may(
  /^server\/domain\/people\//,
  /^server\/domain\/organisation\/(placing|scope|seed)\.ts$/,
  /^server\/first-steps\.ts$/,
)

/** The rules of docs/architecture.md, each of which `npm run prove` plants a breach of. */
export const rules: readonly Rule[] = [
  {
    says: 'core never imports a plugin',
    broken: onEdges(
      ({ from, to }) =>
        from.startsWith('server/') && (Boolean(pluginOf(to)) || to.startsWith('#plugins/')),
    ),
  },
  {
    says: 'inside core, arrows point from domain to kernel',
    broken: onEdges(({ from, to }) => layerOf(from) >= 0 && layerOf(to) > layerOf(from)),
  },
  {
    says: 'inside the domain, each feature knows only those before it',
    broken: onEdges(domainBreach),
  },
  {
    says: 'the store imports nothing of the rest, and only the database starts it',
    broken: onEdges(
      ({ from, to }) =>
        (from.startsWith('server/store/') && /^(server\/(?!store\/)|plugins\/|#)/.test(to)) ||
        (to.startsWith('server/store/') &&
          !may(/^server\/store\//, /^server\/platform\/database\.ts$/, /^server\/cli\//)(from)),
    ),
  },
  {
    says: 'plugins reach core only through #core',
    broken: onEdges(({ from, to }) => Boolean(pluginOf(from)) && to.startsWith('server/')),
  },
  { says: 'plugins reach each other only through their contract', broken: onEdges(crossesPlugins) },
  { says: 'a plugin names each plugin whose contract it imports', broken: unnamedNeighbours },
  {
    says: 'models of a feature are imported by that feature alone',
    broken: onEdges(
      ({ from, to }) => /\/models(\.ts|\/)/.test(to) && ownerOf(from) !== ownerOf(to),
    ),
  },
  {
    says: 'only config files read the environment',
    broken: onText(
      /process\.env/,
      may(/(^|\/)config\.ts$/, /^server\/(cli|store)\//, /^content\//),
    ),
  },
  {
    says: 'only the clock reads the time',
    broken: onText(
      /\bDate\.now\(|new Date\(\)/,
      (file) =>
        /(^|\/)clock\.ts$/.test(file) || /^(server\/store|content)\//.test(file) || isClient(file),
    ),
  },
  {
    says: 'only http and routes see a request',
    broken: onText(
      /from 'express'|\bIncomingMessage\b|\bServerResponse\b/,
      (file) => !file.endsWith('.ts') || isClient(file) || seesRequest(file),
    ),
  },
  {
    says: 'people are listed only through visibleTo',
    broken: (sources) =>
      [...sources]
        .filter(([file]) => file.endsWith('.ts') && !isTest(file) && !knowsEverybody(file))
        .filter(
          ([, text]) =>
            /\b(peopleWhere|countPeople|PersonModel)\b/.test(text) && !/\bvisibleTo\b/.test(text),
        )
        .map(([file]) => file),
  },
  {
    says: 'documents of another feature are fetched through its functions',
    broken: onText(/\.populate\(|\bref: '/, (file) => !/^(server\/domain|plugins)\//.test(file)),
  },
  {
    says: 'no transaction is relied on',
    broken: onText(/withTransaction|startTransaction/, may(/^server\/store\//)),
  },
  {
    says: 'views print raw only what is included or vouched for',
    broken: (sources) =>
      [...sources]
        .filter(([file]) => file.endsWith('.ejs'))
        .flatMap(([file, text]) =>
          [...text.matchAll(/<%-\s*([\s\S]*?)%>/g)]
            .filter(([, code = '']) => !safePrint.test(code.trim()))
            .map(([, code = '']) => `${file}: ${code.trim()}`),
        ),
  },
  {
    says: 'views hold no script and no style of their own',
    broken: onText(
      /<script(?![^>]*(?:src=|type="application\/json"))|\sstyle="|\son[a-z]+="/,
      (file) => !file.endsWith('.ejs'),
    ),
  },
  {
    says: 'no file of the product is longer than 300 lines',
    broken: (sources) =>
      [...sources]
        .filter(([file, text]) => !isTest(file) && text.split('\n').length > 301)
        .map(([file]) => file),
  },
]

const safePrint =
  /^(include\(|l\.(icon|json|body|panels|markdown)\b|panel$|l\.shown\.[\w.]*(?:Html|chart|radar)\b|[\w.]+\.(?:html|svg|chart)$|l\.[\w.]*(?:html|svg|chart|content)$|l\.chart[s.]?)/i

const ownerOf = (file: string): string | undefined =>
  pluginOf(file) ?? featureOf(file) ?? file.split('/')[1]
