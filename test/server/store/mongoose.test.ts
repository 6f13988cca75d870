import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import mongoose, { Schema, type Connection } from 'mongoose'
import { serve } from '../../../server/store/server.js'
import { startTestStore, type TestStore } from './support/store.js'

const { ObjectId } = mongoose.Types

/** What a store must do for Mongoose, one scenario a test. */
describe('Mongoose on the embedded store', function () {
  this.timeout(180_000)
  let store: TestStore
  let db: Connection

  before(async () => {
    store = await startTestStore()
    db = await mongoose.createConnection(store.uri, { autoIndex: true }).asPromise()
  })

  after(async () => {
    await db.close()
    await store.stop()
  })

  afterEach(async () => {
    db.deleteModel(/.*/)
    await db.dropDatabase()
  })

  it('populates references, in arrays and virtually', async () => {
    const Person = db.model('Person', new Schema({ name: String }))
    const schema = new Schema({
      title: String,
      author: { type: Schema.Types.ObjectId, ref: 'Person' },
      readers: [{ type: Schema.Types.ObjectId, ref: 'Person' }],
    })
    schema.virtual('notes', { ref: 'Note', localField: '_id', foreignField: 'book' })
    const Book = db.model('Book', schema)
    const Note = db.model('Note', new Schema({ book: Schema.Types.ObjectId, text: String }))
    const ada = await Person.create({ name: 'Ada' })
    const bob = await Person.create({ name: 'Bob' })
    const book = await Book.create({ title: 'T', author: ada._id, readers: [bob._id, ada._id] })
    await Note.create([{ book: book._id, text: 'x' }])
    const found = await Book.findById(book._id)
      .populate<{ author: { name: string } }>('author')
      .populate<{ readers: { name: string }[] }>({ path: 'readers', select: 'name' })
      .populate<{ notes: { text: string }[] }>('notes')
      .orFail()
    expect(found.author.name).to.equal('Ada')
    expect(found.readers.map(({ name }) => name)).to.deep.equal(['Bob', 'Ada'])
    expect(found.notes.map(({ text }) => text)).to.deep.equal(['x'])
  })

  it('tells which key is a duplicate', async () => {
    const Account = db.model('Account', new Schema({ mail: { type: String, unique: true } }))
    await Account.init()
    await Account.create({ mail: 'a@b.c' })
    const error: unknown = await Account.create({ mail: 'a@b.c' }).catch((one: unknown) => one)
    expect(error).to.include({ code: 11000 })
    expect(error).to.deep.include({ keyPattern: { mail: 1 }, keyValue: { mail: 'a@b.c' } })
    expect(String(error)).to.include('E11000 duplicate key error collection: palier.accounts')
  })

  it('reads lean documents with the values that were stored', async () => {
    const Thing = db.model('Thing', new Schema({}, { strict: false }))
    const stored = {
      int: 1,
      double: 1.5,
      date: new Date(0),
      text: 'é',
      list: [{ a: 1 }, 'x', null],
      map: { a: { b: [] } },
      bytes: new mongoose.mongo.Binary(Buffer.from('abc')),
      decimal: mongoose.Types.Decimal128.fromString('1.10'),
    }
    const { _id } = await Thing.create(stored)
    const { __v: _, ...found } = await Thing.findById(_id).lean().orFail()
    expect(JSON.stringify(found)).to.equal(JSON.stringify({ _id, ...stored }))
  })

  it('walks a cursor over more documents than one batch holds', async () => {
    const Item = db.model('Item', new Schema({ at: Number }))
    await Item.insertMany(Array.from({ length: 350 }, (_, at) => ({ at })))
    const seen: number[] = []
    for await (const { at } of Item.find().sort({ at: -1 }).lean().cursor({ batchSize: 40 }))
      seen.push(at ?? -1)
    expect(seen).to.have.length(350)
    expect([seen[0], seen[349]]).to.deep.equal([349, 0])
  })

  it('joins, groups and answers several questions at once', async () => {
    const User = db.model('User', new Schema({ name: String }))
    const Order = db.model('Order', new Schema({ user: Schema.Types.ObjectId, sum: Number }))
    const ada = await User.create({ name: 'Ada' })
    const bob = await User.create({ name: 'Bob' })
    await Order.create([
      { user: ada._id, sum: 5 },
      { user: ada._id, sum: 7 },
      { user: bob._id, sum: 1 },
    ])
    const [answer] = await Order.aggregate<{ totals: unknown; count: unknown }>([
      { $lookup: { from: 'users', localField: 'user', foreignField: '_id', as: 'user' } },
      { $unwind: '$user' },
      {
        $facet: {
          totals: [
            { $group: { _id: '$user.name', sum: { $sum: '$sum' }, most: { $max: '$sum' } } },
            { $sort: { _id: 1 } },
          ],
          count: [{ $count: 'n' }],
        },
      },
    ])
    expect(answer).to.deep.equal({
      totals: [
        { _id: 'Ada', sum: 12, most: 7 },
        { _id: 'Bob', sum: 1, most: 1 },
      ],
      count: [{ n: 3 }],
    })
  })

  it('writes in bulk and says what it did', async () => {
    const Stock = db.model('Stock', new Schema({ name: String, left: Number }))
    await Stock.create([
      { name: 'a', left: 1 },
      { name: 'b', left: 2 },
    ])
    const result = await Stock.bulkWrite([
      { insertOne: { document: { name: 'c', left: 3 } } },
      { updateOne: { filter: { name: 'a' }, update: { $inc: { left: 5 } } } },
      { updateMany: { filter: { left: { $lt: 4 } }, update: { $inc: { left: 0 } } } },
      { updateOne: { filter: { name: 'd' }, update: { $set: { left: 9 } }, upsert: true } },
      { deleteOne: { filter: { name: 'b' } } },
    ])
    expect(result.insertedCount).to.equal(1)
    expect([result.upsertedCount, result.deletedCount]).to.deep.equal([1, 1])
    const left = await Stock.find().sort({ name: 1 }).lean()
    expect(left.map((one) => [one.name, one.left])).to.deep.equal([
      ['a', 6],
      ['c', 3],
      ['d', 9],
    ])
  })

  it('upserts with timestamps, once', async () => {
    const schema = new Schema({ key: String, hits: Number }, { timestamps: true })
    const Visit = db.model('Visit', schema)
    const hit = async (): Promise<{ createdAt: Date; updatedAt: Date; hits?: number | null }> =>
      await Visit.findOneAndUpdate(
        { key: 'k' },
        { $inc: { hits: 1 } },
        { upsert: true, returnDocument: 'after', lean: true },
      ).orFail()
    const first = await hit()
    const second = await hit()
    expect(second.hits).to.equal(2)
    expect(second.createdAt).to.deep.equal(first.createdAt)
    expect(second.updatedAt.getTime()).to.be.at.least(first.updatedAt.getTime())
    expect(await Visit.countDocuments()).to.equal(1)
  })

  it('keeps sparse and partial keys unique only where they apply', async () => {
    const schema = new Schema({ mail: String, code: String, open: Boolean })
    schema.index({ mail: 1 }, { unique: true, sparse: true })
    schema.index({ code: 1 }, { unique: true, partialFilterExpression: { open: true } })
    const Member = db.model('Member', schema)
    await Member.init()
    await Member.create([
      {},
      {},
      { code: 'x', open: false },
      { code: 'x' },
      { code: 'x', open: true },
    ])
    const again = await Member.create({ code: 'x', open: true }).catch((one: unknown) => one)
    expect(again).to.include({ code: 11000 })
    expect(await Member.countDocuments({ mail: null })).to.equal(5)
    expect(await Member.countDocuments({ code: 'x' })).to.equal(3)
  })

  it('removes documents whose time is over', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'palier-expiry-'))
    const quick = await serve({ directory, listen: '127.0.0.1:0', expireEveryMs: 50 })
    const uri = `mongodb://${quick.address}/palier?directConnection=true`
    const connection = await mongoose.createConnection(uri, { autoIndex: true }).asPromise()
    const schema = new Schema({ until: { type: Date, expires: 0 } })
    const Token = connection.model('Token', schema)
    await Token.init()
    const later = new Date(Date.now() + 60_000)
    await Token.create([{ until: new Date(0) }, { until: later }, {}])
    const deadline = Date.now() + 5000
    while ((await Token.countDocuments()) > 2 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await Token.countDocuments()).to.equal(2)
    await connection.close()
    await quick.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('notices that a document was changed by another', async () => {
    const schema = new Schema({ list: [String] }, { optimisticConcurrency: true })
    const Page = db.model('Page', schema)
    const { _id } = await Page.create({ list: ['a'] })
    const [mine, other] = await Promise.all([
      Page.findById(_id).orFail(),
      Page.findById(_id).orFail(),
    ])
    other.list.push('b')
    await other.save()
    mine.list.push('c')
    const error: unknown = await mine.save().catch((one: unknown) => one)
    expect(error).to.be.instanceOf(mongoose.Error.VersionError)
  })

  it('tells kinds of documents in one collection apart', async () => {
    const Event = db.model('Event', new Schema({ at: Date }, { discriminatorKey: 'kind' }))
    const Click = Event.discriminator('Click', new Schema({ target: String }))
    await Event.create({ at: new Date() })
    await Click.create({ target: 'x' })
    expect(await Click.countDocuments()).to.equal(1)
    const found = await Event.find().sort({ kind: 1 })
    expect(found.map((one) => one instanceof Click)).to.deep.equal([false, true])
  })

  it('brings indexes in line with the schema', async () => {
    const old = db.model('Thing', new Schema({ a: Number, b: Number }).index({ a: 1 }))
    await old.init()
    db.deleteModel('Thing')
    const now = db.model('Thing', new Schema({ a: Number, b: Number }).index({ b: -1 }))
    await now.createCollection()
    const dropped = await now.syncIndexes()
    expect(dropped).to.deep.equal(['a_1'])
    const names = (await now.listIndexes()).map(({ name }: { name: string }) => name)
    expect(names).to.have.members(['_id_', 'b_-1'])
    expect(await now.diffIndexes()).to.deep.equal({ toDrop: [], toCreate: [] })
  })

  it('changes elements of arrays in place', async () => {
    const schema = new Schema({ tasks: [{ name: String, done: Boolean }], tags: [String] })
    const List = db.model('List', schema)
    const list = await List.create({ tasks: [{ name: 'a' }, { name: 'b' }], tags: ['x'] })
    await List.updateOne({ _id: list._id, 'tasks.name': 'b' }, { $set: { 'tasks.$.done': true } })
    await List.updateOne(
      { _id: list._id },
      { $set: { 'tasks.$[one].name': 'A' }, $addToSet: { tags: 'y' } },
      { arrayFilters: [{ 'one.name': 'a' }] },
    )
    list.tasks.pull(list.tasks[0]?._id)
    await list.save()
    const found = await List.findById(list._id).lean().orFail()
    expect(found.tasks.map(({ name, done }) => [name, done])).to.deep.equal([['b', true]])
    expect(found.tags).to.deep.equal(['x', 'y'])
  })

  it('gives back a document by `findOneAndDelete` and `findOneAndReplace`', async () => {
    const Job = db.model('Job', new Schema({ rank: Number }))
    await Job.create([{ rank: 2 }, { rank: 1 }, { rank: 3 }])
    const first = await Job.findOneAndDelete(
      {},
      { sort: { rank: 1 }, projection: { rank: 1, _id: 0 } },
    ).lean()
    expect(first).to.deep.equal({ rank: 1 })
    const replaced = await Job.findOneAndReplace({ rank: 2 }, { rank: 9 }).orFail()
    expect(replaced.rank).to.equal(2)
    expect(await Job.distinct('rank')).to.have.members([9, 3])
    expect(await Job.exists({ rank: 9 })).to.have.property('_id')
    expect(await Job.findById(new ObjectId())).to.equal(null)
  })
})
