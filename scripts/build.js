// Compiles the sources into dist/, copies what is not TypeScript beside it, and removes what has lost its source.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { copyAssets, dist, filesBelow, root } from './assets.js'

function removeOrphans () {
  if (!existsSync(dist)) return
  for (const output of filesBelow(dist)) {
    const name = relative(dist, output)
    const source = name.replace(/\.js(\.map)?$/, '.ts')
    if (name !== '.tsbuildinfo' && !existsSync(join(root, source))) rmSync(output, { force: true })
  }
}

function compile () {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  return spawnSync(process.execPath, [compiler, '-p', root], { stdio: 'inherit' }).status ?? 1
}

removeOrphans()
copyAssets()
process.exitCode = compile() // The compiler has said what is wrong.
