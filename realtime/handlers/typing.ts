import type { Domain } from '../../domain/index.ts'
import type { Handlers } from '../command.ts'
import type { Channels } from '../feed/channels.ts'
import { roomName } from '../names.ts'
import type { Typing } from '../typing.ts'

export function typingHandlers ({ access }: Domain, channels: Channels, typing: Typing): Pick<Handlers, 'typing:start' | 'typing:stop'> {
  return {
    'typing:start': async ({ roomId }, { actor }) => {
      await access.requireSpeaker(actor, roomId)
      typing.say(channels, roomId, actor.userId, true)
      return {}
    },

    'typing:stop': async ({ roomId }, { actor, socket }) => {
      // A socket that is in the room is its member's; for any other, find out why.
      if (!socket.rooms.has(roomName(roomId))) await access.requireMember(actor, roomId)
      typing.say(channels, roomId, actor.userId, false)
      return {}
    }
  }
}
