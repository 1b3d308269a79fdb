import type { RoomEvent } from '../contract/index.ts'
import { toFrames } from './frames.ts'
import type { Memberships } from './memberships.ts'
import { roomName } from './names.ts'
import { toEventText, toFrame, type Outgoing } from './outgoing.ts'
import type { ParleyServer } from './server.ts'
import type { Typing } from './typing.ts'

interface DeliveryDeps {
  io: ParleyServer
  memberships: Memberships
  typing: Typing
  tell: Outgoing['tell']
  onDue: (count: number) => void
  /** Somebody is not in a room any more: others may see less of them. */
  onMoved: (userId: string) => void
}

/** Sends what is due to this node's sockets in a room. Each frame is made once, of the events' JSON where that is known. */
export function createDelivery ({ io, memberships, typing, tell, onDue, onMoved }: DeliveryDeps) {
  const { adapter, sockets } = io.of('/')

  function sendFrame (roomId: string, listeners: Set<string>, json: string): void {
    const text = toEventText('room:events', `{"roomId":"${roomId}","events":${json}}`)
    const frame = toFrame(`4${text}`)
    for (const id of listeners) {
      const socket = sockets.get(id)
      if (socket) tell(socket.conn, text, frame)
    }
  }

  function send (roomId: string, events: RoomEvent[], json?: string): void {
    const listeners = adapter.rooms.get(roomName(roomId))
    if (events.length === 0 || !listeners) return
    for (const frame of toFrames(events)) sendFrame(roomId, listeners, frame === events && json !== undefined ? json : JSON.stringify(frame))
  }

  return (roomId: string, events: RoomEvent[], json?: string): void => {
    onDue(events.length)
    let start = 0
    events.forEach((event, index) => {
      switch (event.type) {
        case 'message.sent':
          typing.heard(roomId, event.actorId, false)
          break
        case 'member.joined':
          memberships.refreshIfHere(event.data.userId)
          break
        case 'member.left':
          // Whoever left sees what came before, and neither this nor anything after it.
          send(roomId, events.slice(start, index))
          start = index
          memberships.leave(roomId, event.data.userId)
          onMoved(event.data.userId)
          typing.heard(roomId, event.data.userId, false)
          break
      }
    })
    if (start === 0) send(roomId, events, json)
    else send(roomId, events.slice(start))
  }
}
