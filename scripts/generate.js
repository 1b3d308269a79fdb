// Writes the files that follow from the code: `npm run docs`. With --check it writes nothing and names what is out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settings } from '../dist/plugins/config.js'
import { describeProtocol } from './protocol.js'
import { describeSettings } from './settings.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const generated = {
  '.env.example': describeSettings(settings),
  'docs/protocol.md': describeProtocol()
}

function read (path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

const stale = Object.entries(generated).filter(([name, text]) => read(join(root, name)) !== text)
if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`${name} is not what the code says: run npm run docs.`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [name, text] of stale) {
    writeFileSync(join(root, name), text)
    console.log(`wrote ${name}`)
  }
}
