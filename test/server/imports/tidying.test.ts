import { expect } from 'chai'
import { ImportModel, RowModel, SourceModel } from '../../../server/domain/imports/models.js'
import { tidyDryRuns } from '../../../server/domain/imports/tidying.js'
import { withDemo } from '../../support/app.js'
import { csv, sendFile } from './support/files.js'

describe('a dry run that nobody applies', function () {
  this.timeout(300_000)

  it('is removed after a month, with all that its file said', async () => {
    const admin = await (await withDemo()).as('admin@demo.palier')
    const file = csv(['matricule', 'nom', 'prénom', 'courriel'], ['T-1', 'Un', 'Deux', ''])
    const id = (await sendFile(admin, file)).json.id as string
    await tidyDryRuns.run(undefined)
    expect((await admin.get(`/imports/${id}`)).status).to.equal(200)
    await ImportModel.collection.updateOne({ _id: id as never }, { $set: { at: new Date(0) } })
    await tidyDryRuns.run(undefined)
    expect((await admin.get(`/imports/${id}`)).status).to.equal(404)
    expect(await RowModel.countDocuments({ import: id })).to.equal(0)
    expect(await SourceModel.countDocuments({ _id: id })).to.equal(0)
  })
})
