import { cpSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const dist = join(root, 'dist')

/** Folders that hold files which are read at run time, relative to the module that reads them. */
export const assetFolders = ['db', 'plugins', 'realtime'].map((folder) => join(root, folder))

export function isAsset (path) {
  return /\.(lua|sql)$|[\\/]meta[\\/][^\\/]+\.json$/.test(path)
}

export function * filesBelow (folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield * filesBelow(path)
    else yield path
  }
}

export function copyAssets () {
  for (const source of assetFolders.flatMap((folder) => [...filesBelow(folder)])) {
    if (isAsset(source)) cpSync(source, join(dist, relative(root, source)))
  }
}
