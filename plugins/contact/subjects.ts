import { may, NotFound, subject, type Actor, type Id, type Name } from '#core'
import { EnquiryModel, type Enquiry } from './models.js'

/** To answer what people of one's units ask. */
export const answer: Name = 'contact:answer'

const ownedEnquiry = ({ units }: Enquiry) => ({ units })

/** `:enquiry`, for whoever coordinates a unit its person belonged to. */
export const onEnquiry = subject({
  name: 'enquiry',
  load: async (actor: Actor, id: Id): Promise<Enquiry> => {
    const enquiry = await EnquiryModel.findById(id).lean<Enquiry>()
    if (!enquiry || !may(actor, answer, ownedEnquiry(enquiry))) throw new NotFound()
    return enquiry
  },
  owned: ownedEnquiry,
  sample: async () => {
    const some = await EnquiryModel.find({}).sort({ _id: 1 }).limit(6).lean<Enquiry[]>()
    return some.map((enquiry) => ({ id: enquiry._id, ...ownedEnquiry(enquiry) }))
  },
})
