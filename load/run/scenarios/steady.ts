import type { Scenario } from './scenario.ts'

export const steady: Scenario = {
  name: 'steady',
  about: 'everybody talks, evenly, in rooms of ten',
  people: 60,
  rate: 100,
  rooms: (people) => ({ rooms: Math.ceil(people / 5), roomSize: Math.min(10, people) })
}
