import type { z } from 'zod'
import type { ListFile } from '../../http/list-files.js'
import type { personLine, postLine } from './shown.js'

/** The directory, to take away. */
export const peopleFile: ListFile<z.output<typeof personLine>> = {
  name: 'organisation:people.title',
  columns: [
    { label: 'organisation:people.name', value: ({ name }) => name },
    { label: 'organisation:people.staff-number', value: ({ staffNumber }) => staffNumber },
    { label: 'organisation:people.email', value: ({ email }) => email },
    { label: 'organisation:people.post', value: ({ post }) => post?.title },
    { label: 'organisation:people.unit', value: ({ unit }) => unit?.name },
    {
      label: 'organisation:people.status',
      value: ({ status }, { t }) => t(`people:status.${status}`),
    },
  ],
}

/** The posts, to take away. */
export const postsFile: ListFile<z.output<typeof postLine>> = {
  name: 'organisation:posts.title',
  columns: [
    { label: 'organisation:posts.name', value: ({ title }) => title },
    { label: 'organisation:posts.unit', value: ({ unit }) => unit.name },
    {
      label: 'organisation:posts.altitude',
      value: ({ altitude }, { t }) => t(`organisation:altitudes.${altitude}`),
    },
    { label: 'organisation:posts.holder', value: ({ holder }) => holder?.name },
    { label: 'organisation:as.deputy', value: ({ deputy }) => deputy?.name },
    { label: 'organisation:posts.reports-to', value: ({ reportsTo }) => reportsTo?.title },
  ],
}
