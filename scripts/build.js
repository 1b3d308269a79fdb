// Compiles the sources into dist/, copies what is not TypeScript beside it, and removes what has lost its source; and builds
// the web client.
import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { copyAssets, dist, filesBelow, root } from './assets.js'
import { buildWeb } from './web.js'

/** Vite's, which clears up after itself, and what says when a build is up to date. */
const kept = /^((test[\\/])?web[\\/]|\.tsbuildinfo(-web)?$|\.web-digest$)/

function removeOrphans () {
  if (!existsSync(dist)) return
  for (const output of filesBelow(dist)) {
    const name = relative(dist, output)
    const source = name.replace(/\.js(\.map)?$/, '.ts')
    if (!kept.test(name) && !existsSync(join(root, source))) rmSync(output, { force: true })
  }
}

function compile () {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const child = spawn(process.execPath, [compiler, '-p', root], { stdio: 'inherit' })
  return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)))
}

removeOrphans()
copyAssets()
// Each says what is wrong with it.
const outcomes = await Promise.all([compile(), buildWeb()])
process.exitCode = outcomes.every(Boolean) ? 0 : 1
