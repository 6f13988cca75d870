import '@hotwired/turbo'
import './announce.js'
import { Application } from '@hotwired/stimulus'

/** The one Stimulus application; the build registers every feature's controllers on it. */
export const application = Application.start()
