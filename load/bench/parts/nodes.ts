import { parley } from '../candidates/parley.ts'
import type { Seat } from '../crew/tasks.ts'
import { RedisTap } from '../redis-tap.ts'
import { alternate, type Round } from '../rounds.ts'
import type { Stage } from '../stage.ts'
import type { Settlement } from '../town.ts'
import { sendMessages, warmUp } from '../traffic.ts'
import type { Part } from './part.ts'

/** As many rooms as the most nodes need, each with the listeners of two nodes. */
function spreadOut ({ sizes: { spread }, town }: Stage): Promise<Settlement> {
  const perRoom = 2 * spread.listeners
  const rooms = spread.roomsPerPair * spread.many / 2
  return town.settle('spread', rooms * perRoom, Array.from({ length: rooms }, (_, room) =>
    Array.from({ length: perRoom }, (_, index) => room * perRoom + index)))
}

/** The two nodes that a room is on. */
function nodesOf (room: number, nodes: number): [number, number] {
  const pair = room % (nodes / 2)
  return [2 * pair, 2 * pair + 1]
}

async function openRooms (stage: Stage, { candidate, nodes, running }: Round, { people, roomIds }: Settlement): Promise<{ rooms: string[], senders: number[][] }> {
  const { roomsPerPair, listeners } = stage.sizes.spread
  const rooms = roomIds.slice(0, roomsPerPair * nodes / 2)
  const seats: [Seat[], Seat[]] = [[], []]
  rooms.forEach((roomId, room) => {
    for (let index = 0; index < 2 * listeners; index++) {
      const url = running.nodes[nodesOf(room, nodes)[index % 2 as 0 | 1]]?.url ?? ''
      // The first of each room sends; every other room from its other node.
      const isSender = index === room % 2
      seats[isSender ? 0 : 1].push({ url, cookie: people[room * 2 * listeners + index]?.cookie, rooms: [roomId] })
    }
  })
  const opened = await stage.crew.open({ candidate, seats, atOnce: 32 })
  if (opened.connected < seats.flat().length) throw new Error(`Not everybody could connect: ${JSON.stringify(opened.failures)}`)
  return { rooms, senders: [rooms.map((_, index) => index), []] }
}

/** What the nodes were told by Redis: of rooms that they have, of others, and beside rooms. */
function countHeard (taps: RedisTap[], rooms: string[], nodes: number): { own: number, foreign: number, beside: number } {
  const counts = { own: 0, foreign: 0, beside: 0 }
  taps.slice(0, nodes).forEach(({ heard }, node) => {
    for (const [channel, count] of heard) {
      const room = rooms.findIndex((roomId) => channel.includes(roomId))
      counts[room < 0 ? 'beside' : nodesOf(room, nodes).includes(node) ? 'own' : 'foreign'] += count
    }
  })
  return counts
}

export const nodes: Part = {
  about: 'a delivery on 2 and on 8 nodes, and what Redis tells each of them',
  method: ({ spread, windowMs }) => `Parley on ${spread.few} and on ${spread.many} nodes; for each pair of nodes ${spread.roomsPerPair} rooms that are on these two only, with ` +
    `${spread.listeners} listeners on each and ${spread.perSecond} messages a second. So the work grows with the nodes, and what a delivery costs should stay. Every ` +
    `message that Redis sends to a node is counted on its way. Windows of ${windowMs / 1000} s; CPU is nodes, Redis and Postgres, per delivered message.`,

  async run (stage) {
    const { spread, windowMs } = stage.sizes
    const settlement = await spreadOut(stage)
    const taps = await Promise.all(Array.from({ length: spread.many }, () => RedisTap.open(stage.stores.redisUrl)))
    const redisUrlOf = (index: number): string => taps[index]?.url ?? ''
    try {
      return await alternate(stage, { part: 'nodes', candidates: [parley], nodeCounts: [spread.few, spread.many], redisUrlOf }, async (round) => {
        const { rooms, senders } = await openRooms(stage, round, settlement)
        const load = { perSecond: spread.perSecond * rooms.length }
        await warmUp(stage, { senders, load })
        for (const tap of taps) tap.reset()
        const sample = await sendMessages(stage, round, 'spread', { senders, load, durationMs: windowMs })
        const { own, foreign, beside } = countHeard(taps, rooms, round.nodes)
        const perNodeAndSecond = round.nodes * windowMs / 1000
        Object.assign(sample.values, { heardOwn: own / perNodeAndSecond, heardForeign: foreign / perNodeAndSecond, heardBeside: beside / perNodeAndSecond })
        return [sample]
      })
    } finally {
      for (const tap of taps) tap.close()
    }
  }
}
