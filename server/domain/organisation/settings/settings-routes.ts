import { z } from 'zod'
import { Invalid, NotFound } from '../../../errors.js'
import { anyone, can, downloads, goesTo, routes, shows, takes } from '../../../http/routes.js'
import { storage } from '../../../platform/storage.js'
import { languages } from '../../../platform/i18n.js'
import { mailGoesTo, mailOutcomes } from '../../../platform/mail.js'
import type { Actor } from '../../../kernel/contract.js'
import { nothing } from '../forms.js'
import { paletteOf } from './brand-colours.js'
import { settingsForm, stylesheetQuery } from './forms.js'
import { largestLogo } from './logos.js'
import { logoShown, readLooks } from './looks.js'
import {
  changeLogo,
  changeSettings,
  choose,
  ownInstitution,
  removeLogo,
  settingsOf,
} from './settings.js'
import { clocks, probeAddress } from './trials.js'
import { stylesheetOf, versionOf } from './stylesheet.js'

const page = '/admin/settings'

const settingsShown = z.object({
  institution: z.string(),
  name: z.string(),
  names: z.record(z.string(), z.string()),
  /** As it was given, `#rrggbb`. */
  colour: z.string().nullable(),
  /** What it is in each theme, where it was made darker or lighter so that it can be read. */
  light: z.string().nullable(),
  dark: z.string().nullable(),
  logo: z.boolean(),
  languages: z.array(z.enum(languages)),
  mailGoesTo: z.enum(['server', 'files']),
  /** What came of the last mail that was sent to try the server. */
  mailTrial: z
    .object({ at: z.iso.datetime(), outcome: z.enum(mailOutcomes), said: z.string().optional() })
    .nullable(),
  /** A page on the content host that tells whoever frames it that it was reached. */
  probe: z.url(),
  clock: z.object({
    server: z.iso.datetime(),
    database: z.iso.datetime(),
    /** Milliseconds by which the database is ahead of the server. */
    ahead: z.number().int(),
  }),
})

/** How an institution appears. */
export const settingsRoutes = routes(page, (route) => {
  route.get('/', can(changeSettings), shows('organisation:settings', settingsShown), ({ actor }) =>
    settingsView(actor),
  )

  route.post(
    '/',
    can(changeSettings),
    takes(settingsForm),
    goesTo(page, { said: 'organisation:settings.changed' }),
    ({ actor, form }) => choose(actor, form),
  )

  route.post(
    '/logo',
    can(changeSettings),
    takes(nothing, { page, upload: { field: 'logo', maxBytes: largestLogo } }),
    goesTo(page, { said: 'organisation:settings.logo-changed' }),
    ({ actor, file }) => {
      if (!file) throw noFile()
      return changeLogo(actor, file)
    },
  )

  route.post(
    '/logo/remove',
    can(changeSettings),
    takes(nothing),
    goesTo(page, { said: 'organisation:settings.logo-removed' }),
    ({ actor }) => removeLogo(actor),
  )
})

const forEver = 'public, max-age=31536000, immutable'

/** What pages load to look like the institution's own, before the sign-in as well. */
export const brandRoutes = routes('', (route) => {
  route.get('/brand.css', anyone, downloads('text/css', stylesheetQuery), ({ query, res }) => {
    const body = stylesheetOf(`#${query.colour}`)
    // An address that an older Palier made is answered, but not kept.
    if (query.v === versionOf(body)) res.set('Cache-Control', forEver)
    return { name: 'brand.css', body, inline: true }
  })

  route.get('/brand/logo/:hash', anyone, downloads('image/png'), async ({ params, res }) => {
    const hash = params.hash ?? ''
    const type = await typeOf(hash)
    const { stream } = await storage.open(hash)
    res.set('Cache-Control', forEver)
    return { name: `logo.${type.replace('image/', '')}`, body: stream(), type, inline: true }
  })
})

/** Nothing else of the storage is open to the world. Another process may have changed the logo a moment ago. */
async function typeOf(hash: string): Promise<string> {
  const known = logoShown(hash)
  if (!known) await readLooks()
  const logo = known ?? logoShown(hash)
  if (!logo) throw new NotFound()
  return logo.type
}

async function settingsView(actor: Actor): Promise<z.input<typeof settingsShown>> {
  const unit = await ownInstitution(actor)
  const [chosen, { server, database, ahead }] = await Promise.all([settingsOf(unit), clocks()])
  const { colour, logo, languages: offered = languages, mailTrial } = chosen
  const palette = colour ? paletteOf(colour) : undefined
  return {
    institution: unit._id,
    name: unit.name,
    names: { ...unit.names },
    colour: colour ?? null,
    light: palette?.light.brand ?? null,
    dark: palette?.dark.brand ?? null,
    logo: logo !== undefined,
    languages: [...offered],
    mailGoesTo: mailGoesTo(),
    mailTrial: mailTrial ? { ...mailTrial, at: mailTrial.at.toISOString() } : null,
    probe: probeAddress(actor),
    clock: { server: server.toISOString(), database: database.toISOString(), ahead },
  }
}

const noFile = (): Invalid =>
  new Invalid('organisation:logo-missing', {
    errors: [{ path: 'logo', code: 'organisation:logo-missing' }],
  })
