import type { RoomEvent } from '../contract/index.ts'
import { toFrames } from './frames.ts'
import type { Memberships } from './memberships.ts'
import { roomName } from './names.ts'
import { toEventText, toFrame, type Tell } from './outgoing.ts'
import type { ParleyServer, ParleySocket } from './server.ts'
import type { Typing } from './typing.ts'

interface DeliveryDeps {
  io: ParleyServer
  memberships: Memberships
  typing: Typing
  tell: Tell
  onDue: (count: number) => void
  /** Somebody is not in a room any more: others may see less of them. */
  onMoved: (userId: string) => void
}

type Conn = ParleySocket['conn']

/** Finds the listeners of a room once for all that is said until one comes or goes, not for each message. */
function rememberListeners (io: ParleyServer): (name: string) => Conn[] {
  const { adapter, sockets } = io.of('/')
  const remembered = new Map<string, Conn[]>()
  const forget = (name: string): void => { remembered.delete(name) }
  adapter.on('join-room', forget)
  adapter.on('leave-room', forget)

  return (name) => {
    const known = remembered.get(name)
    if (known) return known
    const found = Array.from(adapter.rooms.get(name) ?? []).flatMap((id) => sockets.get(id)?.conn ?? [])
    if (found.length > 0) remembered.set(name, found)
    return found
  }
}

/** Sends what is due to this node's sockets in a room. Each frame is made once, of the events' JSON where that is known. */
export function createDelivery ({ io, memberships, typing, tell, onDue, onMoved }: DeliveryDeps) {
  const listenersOf = rememberListeners(io)

  function sendFrame (roomId: string, listeners: Conn[], json: string): void {
    const text = toEventText('room:events', `{"roomId":"${roomId}","events":${json}}`)
    const frame = toFrame(`4${text}`)
    for (const conn of listeners) tell(conn, text, frame)
  }

  function send (roomId: string, events: RoomEvent[], json?: string): void {
    if (events.length === 0) return
    const listeners = listenersOf(roomName(roomId))
    if (listeners.length === 0) return
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
