import { routes, shows, signedIn } from '../../http/routes.js'
import { onUnit } from '../organisation/subjects.js'
import { overviewQuery } from './forms.js'
import { overviewFile } from './list-files.js'
import { overviewOf } from './overview.js'
import { overviewShown } from './shown.js'

export const overviewRoutes = routes('/units', (route) => {
  route.get(
    '/:unit/competencies',
    signedIn(onUnit),
    shows('competencies:unit', overviewShown, { query: overviewQuery, file: overviewFile }),
    ({ actor, unit, query, language }) => overviewOf({ actor, unit, query, language }),
  )
})
