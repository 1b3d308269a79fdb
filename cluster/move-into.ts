import { existsSync, renameSync, rmSync } from 'node:fs'

/** Another start may have made the same folder meanwhile; then that one serves as well. */
export function moveInto (draft: string, place: string): void {
  try {
    renameSync(draft, place)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(place)) throw new Error(`${draft} cannot be moved to ${place}.`, { cause: error })
  }
}
