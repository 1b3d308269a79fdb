import type { EventPage, RoomEvent } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import { listMovedHeads, readEvents, readEventsOfRooms, readHeads, renewEpoch, type Head, type KnownHead } from '../db/queries/read-events.ts'
import { refusalOf, requireMember, requireMemberOfAll } from './access.ts'
import type { Actor } from './actor.ts'

/** Reading the rooms' logs: for people, and for the feed that keeps a node's sockets up to date. */
export function createHistory ({ sql }: { sql: Sql }) {
  return {
    /** The log after a seq, ascending, up to what was its end at that moment. */
    async page (actor: Actor, roomId: string, { after, limit }: { after: number, limit: number }): Promise<EventPage> {
      await requireMember(sql, roomId, actor.userId)
      const events = await readEvents(sql, roomId, after, limit, actor.userId)
      const [head] = await readHeads(sql, [roomId])
      if (!head) throw refusalOf(null)
      return { events, lastSeq: head.lastSeq, epoch: head.epoch }
    },

    requireMemberOfAll (actor: Actor, roomIds: string[]): Promise<void> {
      return requireMemberOfAll(sql, roomIds, actor.userId)
    },

    /** For the server itself: no membership is asked for. */
    readEvents (roomId: string, after: number, limit: number): Promise<RoomEvent[]> {
      return readEvents(sql, roomId, after, limit)
    },

    readEventsOfRooms (cursors: Array<{ roomId: string, after: number }>, limitPerRoom: number): Promise<RoomEvent[]> {
      return readEventsOfRooms(sql, cursors, limitPerRoom)
    },

    readHeads (roomIds: string[]): Promise<Head[]> {
      return readHeads(sql, roomIds)
    },

    movedHeads (known: KnownHead[]) {
      return listMovedHeads(sql, known)
    },

    renewEpoch (roomId: string, epoch: string, seenSeq: number): Promise<void> {
      return renewEpoch(sql, roomId, epoch, seenSeq)
    }
  }
}

export type History = ReturnType<typeof createHistory>
export type { Head } from '../db/queries/read-events.ts'
