import type { Joining } from '../people/contract.js'
import { onePer } from '../people/joining.js'
import { recountUnread } from './inbox.js'
import { NotificationModel, PreferenceModel } from './models.js'

/** Two inboxes as one. */
export const joinInboxes: Joining = {
  count: async ({ lost }) => ({
    moved: await NotificationModel.countDocuments({ person: lost }),
    joined: 0,
  }),
  async join({ kept, lost }) {
    await NotificationModel.updateMany({ person: lost }, { $set: { person: kept } })
    await recountUnread(kept)
  },
}

/** What was chosen for the account that stays goes before what was chosen for the other. */
export const joinPreferences = onePer(PreferenceModel, {
  both: (kept, lost) => ({ mail: { ...lost.mail, ...kept.mail } }),
})
