import { randomUUID } from 'node:crypto'
import { makeLink } from '../../server/domain/people/links.js'
import type { TestApp } from './app.js'
import { postForm } from './session.js'

/** An active person of the demo institution, made for one test. */
export interface Somebody {
  readonly id: string
  readonly email: string
  readonly password: string
}

/** Makes an active person of the demo institution. */
export async function somebodyIn(palier: TestApp, unit = 'ispm'): Promise<Somebody> {
  const admin = await palier.as('admin@demo.palier')
  const email = `${randomUUID()}@demo.palier`
  const password = 'a long enough secret'
  const form = { givenName: 'Some', familyName: 'Body', email, language: 'en', unit }
  const { json } = await admin.post('/people', form)
  const { pathname } = new URL(await makeLink('invitation', json.id))
  await postForm(palier.url, pathname, { password })
  return { id: json.id as string, email, password }
}
