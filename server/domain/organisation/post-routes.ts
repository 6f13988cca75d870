import { z } from 'zod'
import { orderOf, toPage, windowOf } from '../../http/lists.js'
import type { Actor } from '../../kernel/contract.js'
import { wordFilter } from '../../platform/words.js'
import { already, can, creates, goesTo, routes, shows, takes } from '../../http/routes.js'
import { holderForm, newPostForm, postForm, postOrders, postQuery, vacateForm } from './forms.js'
import { postsFile } from './list-files.js'
import {
  changePost,
  countPosts,
  createPost,
  fillPost,
  managePosts,
  postsOver,
  postsWhere,
  vacatePost,
} from './posts.js'
import { postChoices, postLines, postPage } from './presenting.js'
import { newPostShown, postShown, postsShown } from './shown.js'
import { onPost } from './subjects.js'
import { unitChoices } from './units.js'

export const postListRoutes = routes('/posts', (route) => {
  route.get(
    '/',
    can(managePosts),
    shows('organisation:posts', postsShown, { query: postQuery, file: postsFile }),
    ({ actor, query, language }) => postsPage(actor, query, language),
  )

  route.get(
    '/new',
    can(managePosts),
    shows('organisation:post-new', newPostShown, {
      query: z.object({ unit: z.string().max(100).optional() }),
    }),
    async ({ actor, query, language }) => ({
      units: await unitChoices(actor, { permission: managePosts, language }),
      posts: await postChoices(actor, language),
      unit: query.unit ?? '',
    }),
  )

  route.post(
    '/',
    can(managePosts),
    takes(newPostForm, { page: '/posts/new' }),
    creates('/posts/:id', postShown, { said: 'organisation:posts.created' }),
    async ({ actor, form, language }) => {
      const post = await createPost(actor, form)
      const shown = await postPage(actor, post, language)
      return post.isNew ? shown : already(shown)
    },
  )
})

export const postRoutes = routes('/posts/:post', (route) => {
  route.get(
    '/',
    can(managePosts, onPost),
    shows('organisation:post', postShown, { panels: 'organisation:post' }),
    ({ actor, post, language }) => postPage(actor, post, language),
  )

  route.patch(
    '/',
    can(managePosts, onPost),
    takes(postForm, { page: '/posts/:post' }),
    goesTo('/posts/:post', { said: 'organisation:posts.changed' }),
    ({ actor, post, form }) => changePost(actor, post, form),
  )

  route.post(
    '/holders',
    can(managePosts, onPost),
    takes(holderForm, { page: '/posts/:post' }),
    goesTo('/posts/:post', { said: 'organisation:posts.filled' }),
    ({ actor, post, form }) => fillPost(actor, post, form),
  )

  route.post(
    '/vacate',
    can(managePosts, onPost),
    takes(vacateForm, { page: '/posts/:post' }),
    goesTo('/posts/:post', { said: 'organisation:posts.vacated' }),
    ({ actor, post, form }) => vacatePost(actor, post, form),
  )
})

async function postsPage(actor: Actor, query: z.infer<typeof postQuery>, language: string) {
  const within = postsOver(actor)
  const filter = {
    $and: [
      within,
      ...(query.unit ? [{ units: query.unit }] : []),
      ...(wordFilter(query.q).$and ?? []),
    ],
  }
  const [posts, total] = await Promise.all([
    postsWhere(filter, {
      order: orderOf(postOrders, query.sort, 'title'),
      ...windowOf(query),
    }),
    countPosts(filter),
  ])
  const lines = await postLines(posts, language)
  const units = await unitChoices(actor, { permission: managePosts, language })
  return { ...toPage(lines, total, { path: '/posts', query }), units }
}
