import type { FastifyInstance } from 'fastify'
import { commands, ContractError, type CommandData, type CommandName, type CommandPayload } from '../contract/index.ts'
import type { Actor } from '../domain/actor.ts'
import type { CommandLimit } from './command-limit.ts'
import type { ParleySocket } from './server.ts'

export interface Asking {
  socket: ParleySocket
  actor: Actor
}

/** What a handler answers: the data, or what makes it in the very tick of the ack. */
type Answer<Name extends CommandName> = CommandData<Name> | (() => CommandData<Name>)

/** One command: it takes its place in line before its first wait, so that commands stay in order. */
export type Handler<Name extends CommandName> = (payload: CommandPayload<Name>, asking: Asking) => Promise<Answer<Name>>

export type Handlers = { [Name in CommandName]: Handler<Name> }

type AnyHandler = (payload: unknown, asking: Asking) => Promise<unknown>

interface DispatcherDeps {
  app: FastifyInstance
  handlers: Partial<Handlers>
  limit: CommandLimit
  onAnswered: (command: string, code: string) => void
}

/** Answers every packet of a socket: checks it, calls its handler, and acks. Nothing a client sends goes unanswered. */
export function createDispatcher ({ app, handlers, limit, onAnswered }: DispatcherDeps) {
  const validators = new Map(Object.entries(commands).map(([name, { payload }]) => [name, app.compileValidator(payload)]))

  async function run (name: string, args: unknown[], asking: Asking): Promise<unknown> {
    const validate = validators.get(name)
    const handler = handlers[name as CommandName] as AnyHandler | undefined
    if (!validate || !handler) throw new ContractError('command.unknown')
    if (args.length !== 1) throw new ContractError('request.invalid', { message: 'A command takes one payload and an ack.' })
    return await handler(validate(args[0]), asking)
  }

  return (socket: ParleySocket, name: string, packet: unknown[]): void => {
    const last = packet.at(-1)
    const ack = typeof last === 'function' ? last as (answer: unknown) => void : undefined
    const args = ack ? packet.slice(0, -1) : packet
    const asking = { socket, actor: socket.data.actor }
    const answered = limit(socket, name).then(() => run(name, args, asking))
    answered.then(
      (answer) => {
        const data = typeof answer === 'function' ? (answer as () => unknown)() : answer
        onAnswered(name, 'ok')
        ack?.({ ok: true, data })
      }
    ).catch(
      (error: unknown) => {
        const log = app.log.child({ command: name, connectionId: socket.id })
        const known = app.toContractError(error, log)
        onAnswered(validators.has(name) ? name : 'unknown', known.code)
        ack?.({ ok: false, ...known.toAnswer() })
      }
    )
  }
}
