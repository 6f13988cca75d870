import { expect } from 'chai'
import { withDemo, type TestApp } from '../../support/app.js'

type Json = Readonly<Record<string, unknown>>

describe('the API’s description', function () {
  this.timeout(300_000)
  let palier: TestApp
  let document: Json
  let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>

  before(async () => {
    palier = await withDemo()
    document = (await palier.anonymous.get('/api/openapi.json')).json
    paths = document.paths as typeof paths
  })

  const operations = (): [string, string, Operation][] =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]): [string, string, Operation] => [
        path,
        method,
        one,
      ]),
    )

  it('describes every route of the live table, and no other', () => {
    const described = operations().map(([path, method]) => `${method} ${path}`)
    const live = palier.app.tables
      .filter(({ host }) => host === 'app')
      .flatMap(({ entries }) => entries)
      .map(({ method, path }) => `${method} ${path.replace(/[:*]([a-zA-Z]+)/g, '{$1}')}`)
    expect(described.sort()).to.deep.equal([...new Set(live)].sort())
    expect(live).to.have.length(new Set(live).size)
  })

  it('is OpenAPI 3.1: ids once, every parameter of a path described, every answer with words', () => {
    expect(document.openapi).to.equal('3.1.0')
    const ids = operations().map(([, , { operationId }]) => operationId)
    expect(new Set(ids).size).to.equal(ids.length)
    for (const [path, method, { parameters, responses }] of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const given = parameters.filter((one) => one.in === 'path').map(({ name }) => name)
      expect(given, `${method} ${path}`).to.have.members(named)
      for (const [status, response] of Object.entries(responses)) {
        expect(status, path).to.match(/^(\d\d\d|default)$/)
        expect(response.description, path).to.be.a('string')
      }
    }
  })

  it('refers to nothing that is not in it', () => {
    for (const [, target = ''] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = target.split('/').reduce<unknown>((at, step) => (at as Json)?.[step], document)
      expect(found, target).to.be.an('object')
    }
  })

  it('says which operations are open and which want a token', () => {
    expect(paths['/sign-in']?.post?.security).to.deep.equal([])
    expect(paths['/me']?.get?.security).to.deep.equal([{ bearer: [] }])
  })

  it('can be read on a page', async () => {
    const { status, text } = await palier.anonymous.get('/api', { accept: 'text/html' })
    expect(status).to.equal(200)
    expect(text).to.include('/people').and.include('organisation:list-people')
  })
})

interface Operation {
  readonly operationId: string
  readonly security: unknown
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly responses: Readonly<Record<string, { readonly description?: string }>>
}
