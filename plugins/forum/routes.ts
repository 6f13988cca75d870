import {
  already,
  can,
  creates,
  downloads,
  goesTo,
  now,
  routes,
  shows,
  signedIn,
  takes,
} from '#core'
import { randomUUID } from 'node:crypto'
import { attachmentFrom } from './attaching.js'
import {
  editForm,
  largestAttachment,
  moderationForm,
  newPostForm,
  newTopicForm,
  nothing,
  subscriptionForm,
  topicsQuery,
} from './forms.js'
import { personOf } from './members.js'
import { openTopic } from './opening.js'
import { forumPage, forumsPage, topicPage } from './pages.js'
import { addPost, editPost, openAttachment, removePost } from './posts.js'
import { postLine, topicLine } from './presenting.js'
import { markRead } from './reading.js'
import { forumsShown, postShown, postsShown, topicShown, topicsShown } from './shown.js'
import { onForum, onPost, onTopic } from './subjects.js'
import { subscribe } from './subscriptions.js'
import { changeTopic } from './topics.js'

const takePart = 'forum:take-part'
const upload = { field: 'attachment', maxBytes: largestAttachment }

const toTopic = goesTo('/topics/:topic/posts')

export const forumRoutes = routes('/forums', (route) => {
  route.get('/', signedIn(), shows('forum:forums', forumsShown), ({ actor }) => forumsPage(actor))

  route.get(
    '/:forum/topics',
    can(takePart, onForum),
    shows('forum:topics', topicsShown, { query: topicsQuery }),
    ({ actor, forum, query }) => forumPage(actor, forum, query),
  )

  route.post(
    '/:forum/topics',
    can(takePart, onForum),
    takes(newTopicForm, { upload }),
    creates('/topics/:id/posts', topicShown),
    async ({ actor, forum, form: { id = randomUUID(), ...form }, file }) => {
      const attachment = await attachmentFrom(file)
      const topic = await openTopic(actor, forum, { ...form, id, attachment })
      const shown = await topicLine(actor, topic)
      return topic.isNew ? shown : already(shown)
    },
  )

  route.post(
    '/:forum/subscription',
    can(takePart, onForum),
    takes(subscriptionForm),
    goesTo('/forums/:forum/topics'),
    ({ actor, forum, form }) => subscribe(personOf(actor), forum.id, form.follow),
  )
})

export const topicRoutes = routes('/topics', (route) => {
  route.get(
    '/:topic/posts',
    can(takePart, onTopic),
    shows('forum:topic', postsShown, { query: topicsQuery }),
    ({ actor, topic, query }) => topicPage(actor, topic, query),
  )

  route.post(
    '/:topic/posts',
    can(takePart, onTopic),
    takes(newPostForm, { upload }),
    creates('/topics/:topic/posts#post-:id', postShown),
    async ({ actor, topic, form: { id = randomUUID(), text }, file }) => {
      const attachment = await attachmentFrom(file)
      const post = await addPost(actor, topic, { id, text, attachment })
      const shown = await postLine(actor, post)
      return post.isNew ? shown : already(shown)
    },
  )

  route.post(
    '/:topic/subscription',
    can(takePart, onTopic),
    takes(subscriptionForm),
    toTopic,
    ({ actor, topic, form }) => subscribe(personOf(actor), topic._id, form.follow),
  )

  route.patch(
    '/:topic',
    can('forum:moderate', onTopic),
    takes(moderationForm, { page: '/topics/:topic/posts' }),
    toTopic,
    ({ topic, form }) => changeTopic(topic, form),
  )

  // Looking at a page writes nothing: the page says so itself once it is before the reader's eyes.
  route.post('/:topic/seen', can(takePart, onTopic), takes(nothing), toTopic, ({ actor, topic }) =>
    markRead(personOf(actor), topic._id, now()),
  )
})

export const postRoutes = routes('/forum-posts', (route) => {
  route.get(
    '/:post/edit',
    can(takePart, onPost),
    shows('forum:post-edit', postShown),
    ({ actor, post }) => postLine(actor, post),
  )

  route.patch(
    '/:post',
    can(takePart, onPost),
    takes(editForm, { page: '/forum-posts/:post/edit' }),
    goesTo('/topics/:topic/posts', { said: 'forum:posts.changed' }),
    async ({ actor, post, form }) => {
      await editPost(actor, post, form.text)
      return { topic: post.topic }
    },
  )

  route.post(
    '/:post/remove',
    can(takePart, onPost),
    takes(nothing),
    goesTo('/topics/:topic/posts', { said: 'forum:posts.removed' }),
    async ({ actor, post }) => {
      await removePost(actor, post)
      return { topic: post.topic }
    },
  )

  route.get(
    '/:post/attachment',
    signedIn(onPost),
    downloads('application/octet-stream'),
    ({ post }) => openAttachment(post),
  )
})
