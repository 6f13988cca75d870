import { z } from 'zod'
import type { Actor } from '../../kernel/contract.js'
import { already, can, creates, goesTo, routes, shows, signedIn, takes } from '../../http/routes.js'
import { peopleIn } from './directory.js'
import { newUnitForm, renameForm } from './forms.js'
import type { Unit } from './models.js'
import { lineUp } from './presenting.js'
import { newUnitShown, treeShown, unitCreated, unitShown } from './shown.js'
import { onUnit } from './subjects.js'
import {
  createUnit,
  nameIn,
  renameUnit,
  unitChoices,
  unitsNamed,
  unitTree,
  unitsKnownTo,
  type UnitNode,
} from './units.js'

const manage = 'organisation:manage-units'
const peopleShownAtOnce = 30

export const unitListRoutes = routes('/units', (route) => {
  route.get(
    '/',
    signedIn(),
    shows('organisation:units', treeShown),
    async ({ actor, language }) => ({
      units: (await unitTree(actor)).map((node) => nodeShown(node, language)),
    }),
  )

  route.get(
    '/new',
    can(manage),
    shows('organisation:unit-new', newUnitShown, {
      query: z.object({ parent: z.string().max(100).optional() }),
    }),
    async ({ actor, query, language }) => ({
      units: await unitChoices(actor, { permission: manage, language }),
      parent: query.parent ?? '',
    }),
  )

  route.post(
    '/',
    can(manage),
    takes(newUnitForm, { page: '/units/new' }),
    creates('/units/:id', unitCreated, { said: 'organisation:units.created' }),
    async ({ actor, form, language }) => {
      const unit = await createUnit(actor, form)
      const shown = createdShown(unit, language)
      return unit.isNew ? shown : already(shown)
    },
  )
})

export const unitRoutes = routes('/units/:unit', (route) => {
  route.get(
    '/',
    signedIn(onUnit),
    shows('organisation:unit', unitShown, { panels: 'organisation:unit' }),
    ({ actor, unit, language }) => unitPage(actor, unit, language),
  )

  route.patch(
    '/',
    can(manage, onUnit),
    takes(renameForm, { page: '/units/:unit' }),
    goesTo('/units/:unit', { said: 'organisation:units.renamed' }),
    ({ actor, unit, form }) => renameUnit(actor, unit, form.name),
  )
})

async function unitPage(actor: Actor, unit: Unit, language: string) {
  const [names, known, people] = await Promise.all([
    unitsNamed(unit.units, language),
    unitsKnownTo(actor),
    peopleIn(actor, unit._id, peopleShownAtOnce + 1),
  ])
  return {
    ...createdShown(unit, language),
    path: unit.units
      .slice(1)
      .toReversed()
      .map((id) => ({ id, name: names.get(id) ?? '' })),
    children: known
      .filter(({ parent }) => parent === unit._id)
      .map((child) => ({ id: child._id, name: nameIn(child, language), kind: child.kind })),
    people: await lineUp(people.slice(0, peopleShownAtOnce), language),
    more: people.length > peopleShownAtOnce,
  }
}

const createdShown = (unit: Unit, language: string) => ({
  id: unit._id,
  name: nameIn(unit, language),
  kind: unit.kind,
  parent: unit.parent,
})

interface NodeShown {
  id: string
  name: string
  kind: string
  children: NodeShown[]
}

const nodeShown = (node: UnitNode, language: string): NodeShown => ({
  id: node._id,
  name: nameIn(node, language),
  kind: node.kind,
  children: node.children.map((child) => nodeShown(child, language)),
})
