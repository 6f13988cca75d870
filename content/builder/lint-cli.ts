import { contentLint } from './cli.js'

process.exitCode = contentLint(process.argv.slice(2))
