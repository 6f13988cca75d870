/** A plugin that declares an access and does not keep to it: `load` answers whoever asks. */
export const leakyPlugin: Readonly<Record<string, string>> = {
  'index.ts': `import { definePlugin, routes, shows, signedIn, can, subject } from '#core'
import { z } from 'zod'

const onLeak = subject({
  name: 'leak',
  load: async () => ({ units: undefined }),
  owned: () => ({}),
  sample: async () => [{ id: 'one', units: ['a-unit-of-nobody'] }],
})

export default definePlugin({
  id: 'leaky',
  routes: [
    routes('/leaky', (route) => {
      route.get('/:leak', can('leaky:read', onLeak), shows('errors:error', z.object({})), () => ({}))
    }),
  ],
  contributes: { permissions: [{ id: 'leaky:read', roles: ['learner'] }] },
})

export const unused = signedIn
`,
}
