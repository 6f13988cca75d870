import { expect } from 'chai'
import type { Id } from '../../../../server/kernel/contract.js'
import type { Answer, TestApp } from '../../../support/app.js'
import { getPage, signIn } from '../../../support/session.js'

/** Somebody of support in a session of theirs. */
export interface Supporter {
  readonly cookie: string
  /** Asks to look as a person does. */
  look(person: Id, form?: object): Promise<Answer>
  post(path: string, body?: object): Promise<Answer>
  get(path: string): Promise<Answer>
  page(path: string): Promise<string>
  /** Whom Palier takes the session for. */
  who(): Promise<Id>
}

export const reason = 'Cannot find the course on data'

/** Signs somebody in, who is to help. */
export async function supporterOf(
  palier: TestApp,
  email = 'admin@demo.palier',
  password?: string,
): Promise<Supporter> {
  const cookie = await signIn(palier.url, email, password)
  const own = { cookie, origin: palier.url }
  const get = (path: string): Promise<Answer> => palier.anonymous.get(path, { cookie })
  const post = (path: string, body = {}): Promise<Answer> => palier.anonymous.post(path, body, own)
  return {
    cookie,
    get,
    post,
    look: (person, form = {}) =>
      post(`/people/${person}/support`, { reason, minutes: 30, ...form }),
    page: async (path) => (await getPage(palier.url, path, cookie)).text(),
    who: async () => {
      const { json, text } = await get('/me')
      expect(json.person?.id, text).to.be.a('string')
      return json.person.id as Id
    },
  }
}
