import { definePlugin, onePer } from '#core'
import { TourModel } from './models.js'
import { tourPanel } from './panels.js'
import { tourRoutes } from './routes.js'

/** A first visit in five steps, by what one is there for: on the home page until it is done or closed. */
export default definePlugin({
  id: 'tour',
  requires: ['people', 'organisation', 'learning'],
  routes: [tourRoutes],
  contributes: {
    panels: [tourPanel],
    foot: [{ label: 'tour:title', href: '/me/tour', order: 5 }],
    personalData: [
      { model: 'tour.Tour', path: '_id', onErasure: 'delete', onMerge: onePer(TourModel) },
    ],
  },
})
