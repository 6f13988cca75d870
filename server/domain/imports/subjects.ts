import { subject } from '../../http/routes.js'
import { findImport, someImports, type Import } from './imports.js'

const owned = ({ units }: Import) => ({ units })

/** `:import`, within the units over which the actor may import. */
export const onImport = subject({
  name: 'import',
  load: findImport,
  owned,
  sample: async () => (await someImports()).map((one) => ({ id: one._id, ...owned(one) })),
})
