import type { Scenario } from './scenario.ts'

export const reconnectStorm: Scenario = {
  name: 'reconnect-storm',
  about: 'twice, all connections break at the same moment and come back, elsewhere, and sync',
  people: 60,
  rate: 60,
  rooms: (people) => ({ rooms: Math.ceil(people / 5), roomSize: Math.min(10, people) }),
  act: async ({ people, until, signal }) => {
    for (const share of [0.25, 0.6]) {
      await until(share)
      if (signal.aborted) return
      await Promise.all(people.map(async (person) => {
        person.drop()
        await person.connect()
      }))
    }
  }
}
