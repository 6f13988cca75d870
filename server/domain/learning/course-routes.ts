import { routes } from '../../http/routes.js'

export const courseRoutes = routes('/courses', () => {})
