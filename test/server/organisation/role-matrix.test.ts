import { expect } from 'chai'
import { contributions } from '../../../server/kernel/plugins.js'
import { withDemo, type Program } from '../../support/app.js'

interface Feature {
  readonly label: string
  readonly permissions: readonly { id: string; label: string; roles: readonly string[] }[]
}

describe('what each role may do', function () {
  this.timeout(60_000)
  let admin: Program

  before(async () => {
    admin = await (await withDemo()).as('admin@demo.palier')
  })

  it('is every permission that a feature declares, once, with the roles that carry it', async () => {
    const { features } = (await admin.get('/admin/roles/permissions')).json
    const shown = (features as Feature[]).flatMap(({ permissions }) => permissions)
    const declared = contributions('permissions')
    expect(shown.map(({ id }) => id)).to.have.members([...new Set(declared.map(({ id }) => id))])
    for (const { id, roles } of declared)
      expect(shown.find((one) => one.id === id)?.roles, id).to.include.members([...roles])
    const { label } = (features as Feature[])[0] ?? {}
    expect(label).to.equal('core:feature')
  })

  it('is a table with words for every permission, ticked where the role carries it', async () => {
    const { text } = await admin.get('/admin/roles/permissions', { accept: 'text/html' })
    const [row = ''] =
      /<tr><th scope="row">Make courses and upload packages<\/th>.*<\/tr>/.exec(text) ?? []
    const ticks = row
      .split('<td>')
      .slice(1)
      .map((cell) => cell.includes('>Yes<'))
    const [head = ''] = /<thead>.*<\/thead>/.exec(text) ?? []
    const roles = [...head.matchAll(/<th scope="col">([^<]+)/g)].map(([, name]) => name).slice(1)
    expect(roles.filter((_, at) => ticks[at])).to.deep.equal(['Trainer', 'Administrator'])
    expect(text).to.not.match(/[a-z-]+:permissions\.|[a-z-]+:feature/)
    expect((await admin.get('/admin/roles', { accept: 'text/html' })).text).to.include(
      'href="/admin/roles/permissions"',
    )
  })
})
