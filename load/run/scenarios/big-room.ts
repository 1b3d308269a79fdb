import type { Scenario } from './scenario.ts'

export const bigRoom: Scenario = {
  name: 'big-room',
  about: 'everybody is in one room',
  people: 200,
  rate: 20,
  rooms: (people) => ({ rooms: 1, roomSize: people })
}
