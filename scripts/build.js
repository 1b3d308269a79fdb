// Compiles the sources into dist/, copies what is not TypeScript beside it, and removes what has lost its source.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')

/** Files that are read at run time, relative to the module that reads them. */
const assets = /\.(lua|sql)$|[\\/]meta[\\/][^\\/]+\.json$/

function * filesBelow (folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield * filesBelow(path)
    else yield path
  }
}

function removeOrphans () {
  if (!existsSync(dist)) return
  for (const output of filesBelow(dist)) {
    const name = relative(dist, output)
    const source = name.replace(/\.js(\.map)?$/, '.ts')
    if (name !== '.tsbuildinfo' && !existsSync(join(root, source))) rmSync(output, { force: true })
  }
}

function copyAssets () {
  for (const folder of ['db', 'plugins', 'realtime']) {
    for (const source of filesBelow(join(root, folder))) {
      if (assets.test(source)) cpSync(source, join(dist, relative(root, source)))
    }
  }
}

function compile () {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  return spawnSync(process.execPath, [compiler, '-p', root], { stdio: 'inherit' }).status ?? 1
}

removeOrphans()
copyAssets()
process.exitCode = compile() // The compiler has said what is wrong.
