import type { ListFile } from '#core'
import type { z } from 'zod'
import type { enquiryShown } from './shown.js'

/** What people asked, to take away. */
export const enquiriesFile: ListFile<z.output<typeof enquiryShown>> = {
  name: 'contact:enquiries.title',
  columns: [
    { label: 'contact:enquiries.at', kind: 'moment', value: ({ at }) => at },
    { label: 'contact:enquiries.person', value: ({ person }) => person.name },
    { label: 'contact:enquiries.text', value: ({ text }) => text },
    { label: 'contact:enquiries.page', value: ({ page }) => page },
    { label: 'contact:enquiries.request', value: ({ request }) => request },
    {
      label: 'contact:enquiries.status',
      value: ({ status }, { t }) => t(`contact:statuses.${status}`),
    },
    { label: 'contact:enquiries.answer', value: ({ answer }) => answer?.text },
  ],
}
