import { ARRAY, findElement, OBJECT, valueOffset, valueSize } from '../bson/raw.js'

/** The type of what is not there. */
export const MISSING = 0

/** Tells something of one value: its document's bytes, its type (`MISSING`) and where it begins. */
export type Test = (buffer: Buffer, type: number, offset: number) => boolean

/** Tells something of the document that begins at an offset. */
export type DocumentTest = (buffer: Buffer, start: number) => boolean

/** Keeps the place, in the outermost array on the way, of the element that matched last. */
export interface MatchPlace {
  index: number
}

/** What values are looked at on the way to a path's end. */
export interface Walk {
  readonly path: string
  readonly test: Test
  /** An array at the path's end is also looked into. */
  readonly expands: boolean
  readonly place: MatchPlace
}

/** Tries the values at a path until one passes; arrays on the way are looked into. */
export function walkPath(walk: Walk): DocumentTest {
  const parts = walk.path.split('.').map((name) => new Part(name))
  return stepAt(parts, 0, walk).inObject
}

/** Tries the elements of the array at an offset until one passes, and keeps which. */
export function anyElement(test: Test, place: MatchPlace): DocumentTest {
  return (buffer, start) => {
    let at = start + 4
    let index = 0
    for (let type = buffer[at] ?? 0; type !== 0; type = buffer[at] ?? 0) {
      const offset = valueOffset(buffer, at)
      if (test(buffer, type, offset)) {
        place.index = index
        return true
      }
      at = offset + valueSize(buffer, type, offset)
      index += 1
    }
    return false
  }
}

class Part {
  readonly name: Buffer
  /** The place in an array that the name means, -1 when it is no number. */
  readonly index: number

  constructor(name: string) {
    this.name = Buffer.from(name)
    this.index = /^(?:0|[1-9]\d*)$/.test(name) ? Number(name) : -1
  }
}

/** One part of a path: how to go on from an object, and from an array. */
interface Step {
  readonly inObject: DocumentTest
  readonly inArray: DocumentTest
}

function stepAt(parts: readonly Part[], position: number, walk: Walk): Step {
  const part = parts[position] ?? new Part('')
  const isLast = position === parts.length - 1
  const arrive = isLast ? arrival(walk) : passage(stepAt(parts, position + 1, walk), walk)
  const inPlace = isLast ? walk.test : onward(arrive)
  const inObject = objectStep(part, arrive)
  return { inObject, inArray: arrayStep({ part, inObject, inPlace, walk }) }
}

function objectStep({ name }: Part, arrive: Test): DocumentTest {
  const skip = name.length + 2
  return (buffer, start) => {
    const at = findElement(buffer, start, name)
    if (at < 0) return arrive(buffer, MISSING, 0)
    return arrive(buffer, buffer[at] ?? 0, at + skip)
  }
}

/** At the end of the path: the elements of an array, then the value itself. */
function arrival({ test, expands, place }: Walk): Test {
  if (!expands) return test
  const anyOf = anyElement(test, place)
  return (buffer, type, offset) => {
    return (type === ARRAY && anyOf(buffer, offset)) || test(buffer, type, offset)
  }
}

/** Below the end of the path: through objects and arrays; nothing is below other values. */
function passage({ inObject, inArray }: Step, { test }: Walk): Test {
  return (buffer, type, offset) => {
    if (type === OBJECT) return inObject(buffer, offset)
    return type === ARRAY ? inArray(buffer, offset) : test(buffer, MISSING, 0)
  }
}

/** An element meant by its place leads on only when something can be below it. */
function onward(arrive: Test): Test {
  return (buffer, type, offset) => {
    return (type === OBJECT || type === ARRAY) && arrive(buffer, type, offset)
  }
}

interface ArrayStep {
  readonly part: Part
  readonly inObject: DocumentTest
  /** For the element that the part means by its place. */
  readonly inPlace: Test
  readonly walk: Walk
}

/** In an array the part means a field of its objects; a number also means an element. */
function arrayStep({ part, inObject, inPlace, walk }: ArrayStep): DocumentTest {
  const inElement: Test =
    part.index < 0
      ? (buffer, type, offset) => type === OBJECT && inObject(buffer, offset)
      : (buffer, type, offset) => {
          const isThere = type === OBJECT && findElement(buffer, offset, part.name) >= 0
          return isThere && inObject(buffer, offset)
        }
  const anyOf = anyElement(inElement, walk.place)
  if (part.index < 0) return anyOf
  const atPlace = elementAt(part.index, inPlace, walk.place)
  return (buffer, start) => atPlace(buffer, start) || anyOf(buffer, start)
}

function elementAt(wanted: number, test: Test, place: MatchPlace): DocumentTest {
  let index = -1
  const counted: Test = (buffer, type, offset) => {
    index += 1
    return index === wanted && test(buffer, type, offset)
  }
  const anyOf = anyElement(counted, place)
  return (buffer, start) => {
    index = -1
    return anyOf(buffer, start)
  }
}
