import { qrCode } from './qr-code.js'
import { radarChart } from './radar.js'

/** The pictures a view may draw, as `l.charts`. Each takes its texts and figures, and is printed as it comes. */
export const charts = { radar: radarChart, qrCode }
