import type { Scenario } from './scenario.ts'

export const smallRooms: Scenario = {
  name: 'small-rooms',
  about: 'many rooms of two, twice as many as couples',
  people: 100,
  rate: 200,
  rooms: (people) => ({ rooms: people, roomSize: Math.min(2, people) })
}
