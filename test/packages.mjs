import { spawnSync } from 'node:child_process'

/** `npm run test:packages` plays every shipped package in both standards, inside Palier and outside, by keyboard alone. */
const files = ['plugins/scorm/test/browser/modules.test.ts', 'test/browser/course-packages.test.ts']
const env = { ...process.env, PALIER_PACKAGES: 'all' }
const words = ['test/run.mjs', '--reporter=spec', ...process.argv.slice(2), ...files]
process.exit(spawnSync(process.execPath, words, { stdio: 'inherit', env }).status ?? 1)
