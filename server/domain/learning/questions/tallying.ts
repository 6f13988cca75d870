import type { Tally } from '../../../platform/tallies.js'
import { eachOf } from '../tallying.js'
import { AnswerSheetModel, type AnswerSheet } from './models.js'
import { addSheet, figuresIn, type Gathering, type QuestionFigures } from './statistics.js'

/** What the questions of a package version came to. */
export interface VersionFigures {
  readonly people: number
  readonly questions: readonly QuestionFigures[]
}

const atOnce = 200

/** The figures of package versions, over everybody's first answers. */
export const questionTally: Tally<VersionFigures> = {
  id: 'learning:questions',
  compute: (versions) =>
    eachOf(versions, async (version) => {
      const gathering: Gathering = new Map()
      let people = 0
      const sheets = AnswerSheetModel.find({ version }, { answers: 1 })
        .lean<AnswerSheet[]>()
        .cursor({ batchSize: atOnce })
      for await (const sheet of sheets) {
        people += 1
        addSheet(gathering, (sheet as AnswerSheet).answers)
      }
      return { value: { people, questions: figuresIn(gathering) }, size: people }
    }),
}
