import { isDeepStrictEqual } from 'node:util'
import { Invalid } from '../../errors.js'
import type { Panel, PanelRequest } from '../../http/shell.js'
import { goesTo, can, routes, takes } from '../../http/routes.js'
import type { Actor } from '../../kernel/contract.js'
import { changePost, type Post } from '../organisation/posts.js'
import { onPost } from '../organisation/subjects.js'
import { postProfileForm } from './forms.js'
import { competenciesNamed, profilesInForce } from './frameworks.js'

/** The levels a post requires, on its page, with the profiles it could be given. */
export const postPanel: Panel = {
  place: 'organisation:post',
  view: 'competencies:post',
  order: 20,
  load: async ({ subject, language }: PanelRequest) => {
    const { _id, profile } = subject as Post
    const targets = Object.entries(profile?.targets ?? {})
    const [named, profiles] = await Promise.all([
      competenciesNamed(Object.keys(profile?.targets ?? {}), language),
      profilesInForce(language),
    ])
    const current = profiles.find((one) => isDeepStrictEqual(one.targets, profile?.targets))
    return {
      post: _id,
      profile: current?.id ?? null,
      targets: targets.map(([id, target]) => ({ title: named.get(id)?.title ?? id, target })),
      choices: profiles.map(({ id, label }) => ({ value: id, label })),
    }
  },
}

export const postProfileRoutes = routes('/posts', (route) => {
  route.post(
    '/:post/profile',
    can('organisation:manage-posts', onPost),
    takes(postProfileForm, { page: '/posts/:post' }),
    goesTo('/posts/:post', { said: 'competencies:post.changed' }),
    ({ actor, post, form }) => giveProfile(actor, post, form.profile),
  )
})

/** Copies a profile's targets to a post: they stay when the framework's next version says otherwise. */
async function giveProfile(actor: Actor, post: Post, wanted: string): Promise<void> {
  const found = (await profilesInForce('en')).find(({ id }) => id === wanted)
  if (!found) {
    const code = 'competencies:no-such-profile'
    throw new Invalid(code, { errors: [{ path: 'profile', code }] })
  }
  const { title, altitude, reportsTo } = post
  const { framework, targets } = found
  await changePost(actor, post, {
    title,
    altitude,
    reportsTo: reportsTo ?? undefined,
    profile: { framework, targets },
  })
}
