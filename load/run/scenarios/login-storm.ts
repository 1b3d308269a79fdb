import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from '../crew/person.ts'
import type { Scenario } from './scenario.ts'

/** Twice what the server promises for a notification that was lost. */
const endMs = 20_000

export const loginStorm: Scenario = {
  name: 'login-storm',
  about: 'twice, everybody signs out, and all sign in again and connect at the same moment',
  people: 60,
  rate: 60,
  rooms: (people) => ({ rooms: Math.ceil(people / 5), roomSize: Math.min(10, people) }),
  act: async ({ people, until, signal, tally }) => {
    const leave = async (person: Person): Promise<void> => {
      await person.signOut()
      const isOver = await Promise.race([person.ended().then(() => true), sleep(endMs, false, { ref: false })])
      if (!isOver) tally.fail('session.connection_left_open')
      person.drop()
    }
    for (const share of [0.2, 0.6]) {
      await until(share)
      if (signal.aborted) return
      await Promise.all(people.map(leave))
      await Promise.all(people.map(async (person) => {
        await person.signIn()
        await person.connect()
      }))
    }
  }
}
