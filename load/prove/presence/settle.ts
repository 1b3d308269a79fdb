import { setTimeout as sleep } from 'node:timers/promises'
import { groupBy } from '../group.ts'
import type { PresenceHistory } from './history.ts'
import type { Observer } from './observer.ts'
import { leftToOfflineMs } from './departures.ts'
import { statusOf, type Stay } from './stays.ts'

/** Asks every node until it says what is so, or should have by now. */
export async function settlePresence (observers: Observer[], nodes: Array<{ name: string }>, stays: () => Stay[]): Promise<PresenceHistory['end']> {
  const deadline = Date.now() + leftToOfflineMs
  for (;;) {
    const end = await Promise.all(observers.map(async (observer, index) => ({ node: nodes[index]?.name ?? '', users: await observer.read() })))
    const staysOf = groupBy(stays(), ({ userId }) => userId)
    const isTrue = end.every(({ users }) => users?.every(({ userId, status }) => status === statusOf(staysOf.get(userId) ?? [])))
    if ((isTrue && observers.every(({ isWatching }) => isWatching)) || Date.now() > deadline) return end
    await sleep(300)
  }
}
