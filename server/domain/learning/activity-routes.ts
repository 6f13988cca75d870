import { routes } from '../../http/routes.js'

export const activityRoutes = routes('/activities', () => {})
