import type { Domain } from '../../domain/index.ts'
import type { Handlers } from '../command.ts'

type Names = 'message:send' | 'message:edit' | 'message:delete' | 'reaction:add' | 'reaction:remove'

export function messageHandlers ({ messages }: Domain): Pick<Handlers, Names> {
  return {
    'message:send': async (payload, { actor }) => {
      const { message } = await messages.send(actor, payload)
      return { message }
    },
    'message:edit': (payload, { actor }) => messages.edit(actor, payload),
    'message:delete': (payload, { actor }) => messages.delete(actor, payload),
    'reaction:add': (payload, { actor }) => messages.addReaction(actor, payload),
    'reaction:remove': (payload, { actor }) => messages.removeReaction(actor, payload)
  }
}
