import { rules } from '../support/rules.js'
import { bareTexts, catalogue, missingKeys } from '../support/catalogues.js'
import type { Sources } from '../support/sources.js'

/** A defence, what breaks it, and what the check then says: nothing means that the check is worthless. */
export interface Breach {
  readonly defence: string
  found(sources: Sources): string[]
}

/** One planted file per rule of the architecture, by the rule's own words. */
const planted: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'core never imports a plugin': [
    'server/domain/people/x.ts',
    "import { awards } from '../../../plugins/badges/awards.js'",
  ],
  'inside core, arrows point from domain to kernel': [
    'server/platform/x.ts',
    "import { routes } from '../http/routes.js'",
  ],
  'inside the domain, each feature knows only those before it': [
    'server/domain/people/x.ts',
    "import { postOf } from '../organisation/posts.js'",
  ],
  'the store imports nothing of the rest, and only the database starts it': [
    'server/store/x.ts',
    "import { logger } from '../kernel/logger.js'",
  ],
  'plugins reach core only through #core': [
    'plugins/forum/x.ts',
    "import { notify } from '../../server/domain/notifications/notify.js'",
  ],
  'plugins reach each other only through their contract': [
    'plugins/forum/x.ts',
    "import { awards } from '../badges/awards.js'",
  ],
  'a plugin names each plugin whose contract it imports': [
    'plugins/forum/x.ts',
    "import type { Rule } from '#plugins/nowhere/contract'",
  ],
  'models of a feature are imported by that feature alone': [
    'server/domain/learning/x.ts',
    "import { PersonModel } from '../people/models.js'",
  ],
  'only config files read the environment': [
    'plugins/forum/x.ts',
    'const secret = process.env.SECRET',
  ],
  'only the clock reads the time': ['plugins/forum/x.ts', 'const at = new Date()'],
  'only http and routes see a request': [
    'plugins/forum/x.ts',
    "import { Router, Request } from 'express'\nexport const f = (req: Request) => req.path",
  ],
  'people are listed only through visibleTo': [
    'server/domain/learning/x.ts',
    "import { peopleWhere } from '../people/people.js'\nexport const all = () => peopleWhere({ filter: {} })",
  ],
  'documents of another feature are fetched through its functions': [
    'plugins/forum/x.ts',
    "await TopicModel.find().populate('author')",
  ],
  'no transaction is relied on': [
    'server/domain/learning/x.ts',
    'await session.withTransaction(work)',
  ],
  'views print raw only what is included or vouched for': [
    'plugins/forum/views/x.ejs',
    '<p><%- l.shown.title %></p>',
  ],
  'views hold no script and no style of their own': [
    'plugins/forum/views/x.ejs',
    '<p onclick="go()">',
  ],
  'no file of the product is longer than 300 lines': ['plugins/forum/x.ts', '\n'.repeat(400)],
}

const withFile = (sources: Sources, [file, text]: readonly [string, string]): Sources =>
  new Map([...sources, [file, text]])

const ofRules: Breach[] = rules.map((rule) => ({
  defence: `architecture: ${rule.says}`,
  found: (sources) => {
    const breach = planted[rule.says]
    return breach
      ? rule.broken(withFile(sources, breach)).filter((line) => line.includes(breach[0]))
      : []
  },
}))

const ofTexts: Breach[] = [
  {
    defence: 'texts: a key that no catalogue holds',
    found: (sources) =>
      missingKeys(
        withFile(sources, ['plugins/forum/x.ts', "t('forum:no.such-key')"]),
        catalogue('en'),
      ),
  },
  {
    defence: 'texts: words outside the catalogues',
    found: (sources) =>
      bareTexts(withFile(sources, ['plugins/forum/views/x.ejs', '<p>Written here</p>'])),
  },
]

export const breaches: readonly Breach[] = [...ofRules, ...ofTexts]
