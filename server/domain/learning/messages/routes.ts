import { already, creates, routes, shows, signedIn, takes } from '../../../http/routes.js'
import { onCourse } from '../subjects.js'
import { messageForm, messageLine, messagesQuery, messagesShown } from './forms.js'
import { messageShown, messagesPage } from './page.js'
import { sendMessage } from './sending.js'

const page = '/courses/:course/messages'

export const messageRoutes = routes('/courses', (route) => {
  route.get(
    '/:course/messages',
    signedIn(onCourse),
    shows('learning:messages', messagesShown, { query: messagesQuery }),
    ({ actor, course, query }) => messagesPage(actor, course, query),
  )

  route.post(
    '/:course/messages',
    signedIn(onCourse),
    takes(messageForm, { page }),
    creates(page, messageLine, { said: 'learning:messages.said' }),
    async ({ actor, course, form }) => {
      const { message, isNew } = await sendMessage(actor, course, form)
      const shown = await messageShown(message)
      return isNew ? shown : already(shown)
    },
  )
})
