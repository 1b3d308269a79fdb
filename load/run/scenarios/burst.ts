import type { Scenario } from './scenario.ts'

export const burst: Scenario = {
  name: 'burst',
  about: 'the messages of a second are all sent at its beginning',
  people: 60,
  rate: 100,
  rooms: (people) => ({ rooms: Math.ceil(people / 5), roomSize: Math.min(10, people) }),
  dueMs: (n, rate) => Math.floor(n / Math.max(1, rate)) * 1000
}
