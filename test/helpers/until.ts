import { retry } from '../../cluster/retry.ts'

/** Waits until the condition holds; fails after the time, saying what it waited for. */
export async function until (what: string, holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  await retry(async () => {
    if (!await holds()) throw new Error(`Waited ${withinMs} ms until ${what}.`)
  }, { timeoutMs: withinMs })
}
