import type { CommandRecord } from '../history.ts'
import { short, type Violation } from './violation.ts'

/** No fault makes the server stumble: whatever it cannot do now it says, and may be asked again. */
export function checkAnswers (commands: CommandRecord[]): Violation[] {
  return commands.flatMap(({ attempts, client, id, kind, roomId }) => attempts.flatMap(({ outcome }): Violation[] => {
    if (outcome?.ok !== false || !stumbles.has(outcome.code)) return []
    return [{ kind: 'serverError', roomId, client, commandId: id, sentence: `${client} asked (${kind} ${short(id)}) and was answered ${outcome.code}.` }]
  }))
}

/** Nobody here sends what is malformed. */
const stumbles = new Set(['server.error', 'request.invalid', 'command.unknown', 'request.too_large', 'rate.limited', 'request.id_taken', 'origin.refused', 'route.not_found'])
