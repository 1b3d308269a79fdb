import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs'

const reasons: Record<string, string> = {
  EEXIST: 'that is a file',
  ENOTDIR: 'a part of that is a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'nobody may write there',
}

/** Makes the data folder where there is none, and refuses one that nothing can be kept in. */
export function openDataDir (dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
    readdirSync(dataDir)
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const reason = reasons[code] ?? `it cannot be used (${code})`
    throw new Error(`DATA_DIR is ${dataDir}, and ${reason}: set it to a folder that this user may write to.`, { cause: error })
  }
}
