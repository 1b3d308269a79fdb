import type { Random } from '../../prove/random.ts'
import { now, sleepUntil } from '../clock.ts'
import { writeText } from './hearing.ts'
import type { Person } from './person.ts'

export interface TalkOptions {
  people: readonly Person[]
  /** When the n-th message of all processes together is due, in milliseconds after the start; never earlier than the one before. */
  dueMs: (n: number) => number
  /** This process sends every `count`-th message, beginning with this one. */
  part: { index: number, count: number }
  startsAt: number
  seconds: number
  random: Random
  bytes: number
  signal: AbortSignal
}

/**
 * Open loop: every message has its time, and is sent then, however slow the answers are. What is late because this
 * process was busy is measured from when it was due.
 */
export async function talk ({ people, dueMs, part, startsAt, seconds, random, bytes, signal }: TalkOptions): Promise<void> {
  const speakers = people.filter(({ logs }) => logs.size > 0)
  const endsAt = startsAt + seconds * 1000
  if (speakers.length === 0) return await sleepUntil(endsAt, signal)
  for (let n = part.index; !signal.aborted; n += part.count) {
    const dueAt = startsAt + dueMs(n)
    if (dueAt >= endsAt) break
    if (dueAt > now()) await sleepUntil(dueAt, signal)
    if (signal.aborted) return
    const speaker = pickSpeaker(speakers, random)
    speaker.say(random.pick([...speaker.logs.keys()]), writeText(dueAt, bytes), dueAt)
  }
  await sleepUntil(endsAt, signal)
}

/** Somebody who is there, if that can be found out in a few looks. */
function pickSpeaker (speakers: Person[], random: Random): Person {
  for (let looks = 0; looks < 5; looks++) {
    const speaker = random.pick(speakers)
    if (speaker.isConnected) return speaker
  }
  return random.pick(speakers)
}
