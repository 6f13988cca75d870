import { randomUUID } from 'node:crypto'
import type { ScormItem, Standard } from '../../contract.js'
import { checkElements } from '../../runtime/elements.js'
import { claim } from '../../runtime/opening.js'
import type { Commit, Runtime } from '../../runtime/runtime.js'

export const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 24, 8, 0, seconds))

export function buildItem(overrides: Partial<ScormItem> = {}): ScormItem {
  return {
    identifier: 'I',
    title: 'Item',
    depth: 0,
    visible: true,
    kind: 'sco',
    launch: { path: 'index.html', suffix: '' },
    countsForCompletion: true,
    countsForSuccess: true,
    weight: 1,
    ...overrides,
  }
}

export function buildRuntime(overrides: Partial<Runtime> = {}): Runtime {
  return {
    _id: 'attempt',
    person: 'person',
    version: 'version',
    standard: '1.2',
    revision: 0,
    epoch: 0,
    scos: {},
    launches: [],
    secondsBefore: {},
    ...overrides,
  }
}

/** A runtime that a launch has opened at the zeroth second. */
export function buildOpened(standard: Standard = '1.2', launch = 'launch-1'): Runtime {
  return claim(buildRuntime({ standard }), launch, at(0)).runtime
}

export interface CommitSketch extends Partial<Omit<Commit, 'values' | 'ignored'>> {
  readonly standard?: Standard
  readonly delta?: unknown
}

export function buildCommit({ standard = '1.2', delta = {}, ...rest }: CommitSketch = {}): Commit {
  const { values, ignored } = checkElements(standard, delta)
  return {
    attempt: 'attempt',
    launch: 'launch-1',
    epoch: 1,
    sco: 0,
    seq: 1,
    baseSeq: 0,
    commitId: randomUUID(),
    final: false,
    values,
    ignored,
    launchSeq: 0,
    hash: JSON.stringify([rest, delta]),
    size: 100,
    ...rest,
  }
}
