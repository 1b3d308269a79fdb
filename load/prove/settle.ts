import { setTimeout as sleep } from 'node:timers/promises'
import type { Violation } from './check/index.ts'
import type { Client } from './clients/client.ts'
import type { Crowd } from './crowd.ts'
import { readTruth, type Truth } from './truth.ts'
import type { Workload } from './workload.ts'

const everyMs = 200

/**
 * Waits until nobody waits for an answer and every client has each of its rooms whole.
 *
 * @returns what is so in the database, and who did not get there in time
 */
export async function settle (crowd: Crowd, workload: Workload, databaseUrl: string, withinMs: number): Promise<{ truth: Truth, late: Violation[] }> {
  const deadline = Date.now() + withinMs
  await until(() => workload.unansweredCount === 0, deadline)
  const late: Violation[] = workload.unansweredCount === 0
    ? []
    : [{ kind: 'notHealed', sentence: `${workload.unansweredCount} commands were neither acked nor refused within ${withinMs / 1000} s after the end.` }]
  for (;;) {
    const truth = await readTruth(databaseUrl)
    const behind = crowd.clients.flatMap((client) => findBehind(client, truth))
    if (behind.length === 0 || Date.now() > deadline) return { truth, late: [...late, ...behind] }
    await sleep(everyMs)
  }
}

async function until (holds: () => boolean, deadline: number): Promise<void> {
  while (!holds() && Date.now() < deadline) await sleep(everyMs)
}

function findBehind (client: Client, truth: Truth): Violation[] {
  const { name, userId } = client
  if (!client.isConnected) return [{ kind: 'notHealed', client: name, sentence: `${name} was not connected at the end.` }]
  return [...truth.values()].flatMap(({ roomId, name: room, lastSeq, memberIds }): Violation[] => {
    if (memberIds.has(userId) !== client.roomIds.has(roomId)) {
      const sentence = `${name} ${memberIds.has(userId) ? 'is a member of' : 'has left'} ${room}, and was not told by the end.`
      return [{ kind: 'membership', roomId, client: name, sentence }]
    }
    if (!memberIds.has(userId) || client.topOf(roomId) >= lastSeq) return []
    const sentence = `${name} had ${room} up to ${client.topOf(roomId)} at the end, and it goes up to ${lastSeq}.`
    return [{ kind: 'incomplete', roomId, client: name, seq: client.topOf(roomId) + 1, sentence }]
  })
}
