export { moving, nonText } from './contrast.js'
export { focus } from './focus.js'
export { foreign, leadsNowhere, loose, spoil } from './forms.js'
export { covered, reflow, spread } from './reflow.js'
