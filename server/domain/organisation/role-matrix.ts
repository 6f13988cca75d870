import { z } from 'zod'
import { everyPermission, everyRole } from '../people/access.js'

const role = z.enum(everyRole)

export const matrixShown = z.object({
  roles: z.array(role),
  features: z.array(
    z.object({
      /** Translation keys: what the feature is called, and what each permission lets its holder do. */
      label: z.string(),
      permissions: z.array(z.object({ id: z.string(), label: z.string(), roles: z.array(role) })),
    }),
  ),
})

/** Which roles carry which permissions, by the feature that declares them. */
export function permissionMatrix(): z.input<typeof matrixShown> {
  const permissions = everyPermission().map(({ id, roles }) => {
    const owner = ownerOf(id)
    const [, verb = ''] = id.split(':')
    return { owner, shown: { id, label: `${owner}:permissions.${verb}`, roles: [...roles] } }
  })
  const owners = [...new Set(permissions.map(({ owner }) => owner))]
  return {
    roles: [...everyRole],
    features: owners.map((of) => ({
      label: `${of}:feature`,
      permissions: permissions.filter(({ owner }) => owner === of).map(({ shown }) => shown),
    })),
  }
}

/** Whose texts name a permission: the platform's are the core's. */
function ownerOf(permission: string): string {
  const [owner = ''] = permission.split(':')
  return owner === 'platform' ? 'core' : owner
}
