import { audit, type Actor, type Course, type Id } from '#core'
import { SettingModel, type Setting } from './models.js'

/** Whether those who complete a course are asked what they thought of it: so it is until somebody says otherwise. */
export async function isOn(course: Id): Promise<boolean> {
  const setting = await SettingModel.findById(course).lean<Setting>()
  return setting?.isOn ?? true
}

/** Says whether those who complete a course are asked. Saying again what is so changes nothing. */
export async function turn(actor: Actor, { _id }: Course, wanted: boolean): Promise<void> {
  if ((await isOn(_id)) === wanted) return
  await SettingModel.updateOne({ _id }, { $set: { isOn: wanted } }, { upsert: true })
  await audit(actor, wanted ? 'evaluation:turned-on' : 'evaluation:turned-off', { object: _id })
}
