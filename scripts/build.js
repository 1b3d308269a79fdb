// Compiles the sources into dist/, copies what is not TypeScript beside it, and removes what has lost its source; then
// builds the web client.
import { spawnSync } from 'node:child_process'
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
  return spawnSync(process.execPath, [compiler, '-p', root], { stdio: 'inherit' }).status ?? 1
}

removeOrphans()
copyAssets()
const status = compile() // The compiler has said what is wrong.
process.exitCode = await buildWeb() ? status : 1
