import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Document } from 'bson'
import { expect } from 'chai'
import { encode } from '../../../server/store/bson/raw.js'
import { MongoError } from '../../../server/store/errors.js'
import { countKeys, planFor, read } from '../../../server/store/query/read.js'
import { recordKey } from '../../../server/store/storage/index-keys.js'
import { Store } from '../../../server/store/store.js'
import type { Collection } from '../../../server/store/storage/catalog.js'
import {
  differenceOf,
  INDEXES,
  randomDocument,
  randomFilter,
  randomSort,
} from './support/planner-fuzz.js'
import { Random } from './support/random.js'

const QUERIES = Number(process.env['STORE_FUZZ_RUNS'] ?? 1500)
const SEED = Number(process.env['STORE_FUZZ_SEED'] ?? 20260102)
const DOCUMENTS = 150
/** Queries between two rounds of changes to the documents. */
const ROUND = 250

function made(store: Store, name: string): Collection {
  let collection: Collection | undefined
  store.write(() => {
    collection = store.ensure(name)
  })
  if (collection === undefined) throw new Error('the store made no collection')
  return collection
}

function filled(store: Store, random: Random): Collection {
  const collection = made(store, 'test.fuzz')
  store.write(() => {
    for (const spec of INDEXES) collection.indexes.push(store.catalog.indexFrom({ v: 2, ...spec }))
    for (let id = 0; id < DOCUMENTS; id += 1) insert(store, collection, { random, id })
  })
  return collection
}

/** Some documents have no key: two arrays side by side, or a name that is also a place. */
function attempt(action: () => void): void {
  try {
    action()
  } catch (error) {
    if (!(error instanceof MongoError && [2, 171, 11000, 16746].includes(error.code))) throw error
  }
}

function insert(
  store: Store,
  collection: Collection,
  { random, id }: { random: Random; id: number },
): void {
  attempt(() => {
    store.records.insert(collection, encode(randomDocument(random, id)))
  })
}

/** Replaces and removes documents, so that index entries come and go. */
function change(store: Store, collection: Collection, random: Random): void {
  store.write(() => {
    for (let left = 30; left > 0; left -= 1) {
      const id = random.below(collection.lastRecord) + 1
      const raw = store.environment.data.get(recordKey(collection.id, id))
      if (raw === undefined) insert(store, collection, { random, id: 1000 + left })
      else if (random.below(4) === 0) store.records.remove(collection, { id, raw })
      else
        attempt(() => {
          store.records.update(collection, { id, raw }, encode(randomDocument(random, id)))
        })
    }
  })
}

describe('The planner', function () {
  this.timeout(60_000 + QUERIES * 100)
  this.retries(0)
  let directory: string
  let store: Store

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'palier-planner-'))
    store = new Store({ directory })
  })

  after(async () => {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('reads by an index of some documents what asks for those, though nothing else narrows it', () => {
    const collection = made(store, 'test.partial')
    store.write(() => {
      const partial = { key: { owed: 1 }, partialFilterExpression: { owed: { $exists: true } } }
      for (const spec of [
        { ...partial, name: 'owed' },
        { key: { at: 1 }, name: 'at' },
      ])
        collection.indexes.push(store.catalog.indexFrom({ v: 2, ...spec }))
      for (let _id = 0; _id < 200; _id += 1)
        store.records.insert(
          collection,
          encode({ _id, at: _id, ...(_id === 7 && { owed: ['x'] }) }),
        )
    })
    const free = { $or: [{ until: null }, { until: { $lt: 3 } }] }
    const by = (filter: Document, sort?: Document): string => {
      const plan = planFor(store.environment, collection, { filter, sort })
      return plan.kind === 'index' ? plan.index.name : plan.kind
    }
    expect(by({ owed: { $exists: true }, ...free })).to.equal('owed')
    expect(by({ owed: { $exists: true } }, { at: 1 })).to.equal('owed')
    expect(by({ owed: { $exists: false } })).to.equal('scan')
    const found = read(store.environment, collection, {
      filter: { owed: { $exists: true }, ...free },
    })
    expect([...found].filter((row) => row !== undefined)).to.have.length(1)
  })

  it('counts by keys alone what is one text in the first fields of an index', () => {
    const collection = made(store, 'test.counted')
    store.write(() => {
      const key = { units: 1, state: 1, name: 1 }
      collection.indexes.push(store.catalog.indexFrom({ v: 2, key, name: 'units' }))
      for (let _id = 0; _id < 60; _id += 1) {
        const units = _id % 2 === 0 ? ['all', 'even', 'even'] : ['all']
        const state = _id % 3 === 0 ? 'open' : 'opened'
        store.records.insert(collection, encode({ _id, units, state, name: `n${String(_id)}` }))
      }
    })
    const counted = (filter: Document, limit?: number): number | undefined =>
      countKeys(store.environment, collection, { filter, limit })
    expect(counted({})).to.equal(60)
    expect(counted({ units: 'all' })).to.equal(60)
    expect(counted({ units: { $in: ['even'] } })).to.equal(30)
    expect(counted({ $and: [{ units: 'even' }, { state: { $eq: 'open' } }] })).to.equal(10)
    expect(counted({ units: 'all' }, 7)).to.equal(7)
    expect(counted({ units: 'none' })).to.equal(0)
    const others = [{ state: 'open' }, { units: 'all', name: 'n1' }, { units: { $ne: 'all' } }]
    for (const filter of [...others, { units: /^a/ }, { $or: [{ units: 'all' }] }, { units: 1 }])
      expect(counted(filter), JSON.stringify(filter)).to.equal(undefined)
    expect(counted({ $and: [{ units: 'all' }, { units: 'even' }] })).to.equal(undefined)
    // One document has a key for each of its tags: the keys of a state are more than its documents.
    const tagged = made(store, 'test.tagged')
    store.write(() => {
      const spec = { v: 2, key: { state: 1, tags: 1 }, name: 'tags' }
      tagged.indexes.push(store.catalog.indexFrom(spec))
      store.records.insert(tagged, encode({ _id: 'x', state: 'open', tags: ['a', 'b'] }))
    })
    const open = { filter: { state: 'open' } }
    expect(countKeys(store.environment, tagged, open)).to.equal(undefined)
  })

  it('finds by indexes what a look at every document finds, in the same order', () => {
    const random = new Random(SEED)
    const collection = filled(store, random)
    const differences: string[] = []
    for (let at = 0; at < QUERIES && differences.length < 5; at += 1) {
      if (at % ROUND === ROUND - 1) change(store, collection, random)
      const limit = random.below(3) === 0 ? random.below(20) + 1 : undefined
      const query = { filter: randomFilter(random), sort: randomSort(random), limit }
      let difference: string | undefined
      attempt(() => {
        difference = differenceOf(store, collection, query)
      })
      if (difference !== undefined) differences.push(difference)
    }
    expect(differences).to.deep.equal([])
  })

  it('reads by the index that leaves the fewest keys, unless the other gives the order', () => {
    const collection = made(store, 'test.narrow')
    store.write(() => {
      for (const key of [{ unit: 1, name: 1 }, { word: 1 }])
        collection.indexes.push(
          store.catalog.indexFrom({ v: 2, key, name: Object.keys(key).join('-') }),
        )
      for (let _id = 0; _id < 8000; _id += 1) {
        const word = _id % 2 === 0 ? 'common' : _id % 50 === 1 ? 'some' : `w${String(_id)}`
        store.records.insert(collection, encode({ _id, unit: 'all', name: _id, word }))
      }
    })
    const by = (filter: Document, sort?: Document): string => {
      const plan = planFor(store.environment, collection, { filter, sort })
      return plan.kind === 'index' ? plan.index.name : plan.kind
    }
    const named = { name: 1 }
    expect(by({ unit: 'all', word: { $regex: '^some' } })).to.equal('word')
    expect(by({ unit: 'all', word: { $regex: '^some' } }, named)).to.equal('word')
    expect(by({ unit: 'all', word: { $regex: '^none' } }, named)).to.equal('word')
    expect(by({ unit: 'all', word: { $regex: '^common' } }, named)).to.equal('unit-name')
    expect(by({ unit: 'none', word: { $regex: '^some' } })).to.equal('unit-name')
    expect(by({ unit: { $in: ['all'] }, word: 'w3' }, named)).to.equal('word')
  })

  it('finds every text that is longer than a key can be', () => {
    const texts = Array.from({ length: 20 }, (_, at) => 'x'.repeat(2500) + String(at))
    const collection = made(store, 'test.long')
    store.write(() => {
      collection.indexes.push(store.catalog.indexFrom({ v: 2, key: { a: 1 }, name: 'a' }))
      for (const a of texts) store.records.insert(collection, encode({ _id: a.length + a, a }))
    })
    const missed = texts.filter((a) => differenceOf(store, collection, { filter: { a } }))
    expect(missed).to.deep.equal([])
  })
})
