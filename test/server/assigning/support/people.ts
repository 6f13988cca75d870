import { randomUUID } from 'node:crypto'
import { deliverDue } from '../../../../server/platform/outbox.js'
import type { Id } from '../../../../server/kernel/contract.js'
import type { Program } from '../../../support/app.js'

/** Somebody new in a unit, by whoever may: so that no test moves those whom others rely on. */
export async function newPerson(by: Program, unit: Id, overrides: object = {}): Promise<Id> {
  const name = randomUUID()
  const { json, status } = await by.post('/people', {
    givenName: 'Test',
    familyName: name,
    email: `${name}@example.org`,
    unit,
    ...overrides,
  })
  if (status !== 201) throw new Error(JSON.stringify(json))
  await deliverDue()
  return json.id as Id
}

/** Moves somebody, and waits for what follows. */
export async function move(by: Program, person: Id, change: object): Promise<void> {
  const { status, text } = await by.patch(`/people/${person}`, change)
  if (status !== 200) throw new Error(text)
  await deliverDue()
}
