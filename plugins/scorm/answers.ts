import { recordAnswers } from '#core'
import { answersIn } from './runtime/answers.js'
import type { Runtime } from './runtime/runtime.js'
import { manifestOf } from './sources.js'

/** Tells the course what was answered to the questions of an attempt. An owed step: said twice, it is the same. */
export async function reportAnswers(runtime: Runtime): Promise<void> {
  const { items } = await manifestOf(runtime.version)
  await recordAnswers(runtime._id, answersIn(runtime, items))
}
