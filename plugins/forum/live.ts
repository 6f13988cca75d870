import { NotFound, type Channel } from '#core'
import { findTopic } from './topics.js'

/** Those who have a topic open hear of each new post in it. */
export const topicChannel: Channel = {
  id: 'forum:topic',
  async mayJoin(actor, topic) {
    try {
      await findTopic(actor, topic)
      return true
    } catch (error) {
      if (error instanceof NotFound) return false
      throw error
    }
  },
}
