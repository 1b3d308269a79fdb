import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { calls, ErrorAnswer, type Call, type CallName } from '../contract/index.ts'
import type { Actor } from '../domain/actor.ts'

type StaticOr<T, Otherwise> = T extends TSchema ? Static<T> : Otherwise
type Part<Name extends CallName, Key extends 'params' | 'query' | 'body'> =
  StaticOr<typeof calls[Name] extends Record<Key, infer Schema> ? Schema : undefined, undefined>

/** What a handler gets: checked, typed by the contract. */
export interface Asked<Name extends CallName> {
  params: Part<Name, 'params'>
  query: Part<Name, 'query'>
  body: Part<Name, 'body'>
  /** Who asks; in an open call, whoever says so themselves: nobody. */
  actor: typeof calls[Name] extends { open: true } ? undefined : Actor
  request: FastifyRequest
  reply: FastifyReply
}

type AnswerOf<Name extends CallName> = typeof calls[Name]['answers'] extends infer Answers
  ? { [Status in keyof Answers]: Status extends 302 ? string : StaticOr<Answers[Status], never> }[keyof Answers]
  : never

/** Registers one call of the contract. A call that is not open refuses whoever has no session; one that sends on says where. */
export function route<Name extends CallName> (
  app: FastifyInstance,
  name: Name,
  handle: (asked: Asked<Name>) => Promise<AnswerOf<Name>>
): void {
  const call: Call = calls[name]
  const statuses = Object.keys(call.answers).map(Number)
  app.route({
    method: call.method,
    url: call.path,
    schema: toSchema(name, call),
    ...(call.rate && app.limitedBy(call.rate)),
    ...(!call.open && { preValidation: async (request: FastifyRequest) => { app.requireActor(request) } }),
    handler: async (request, reply) => {
      reply.status(statuses[0] ?? 200)
      const actor = call.open ? undefined : app.requireActor(request)
      const { params, query, body } = request
      const answer = await handle({ params, query, body, actor, request, reply } as Asked<Name>)
      return 302 in call.answers ? await reply.redirect(answer) : answer
    }
  })
}

function toSchema (name: string, call: Call): FastifySchema {
  return {
    operationId: name,
    summary: call.summary,
    ...(call.open && { security: [] }),
    ...(call.params && { params: call.params }),
    ...(call.query && { querystring: call.query }),
    ...(call.body && { body: call.body }),
    ...(call.upload && { consumes: ['multipart/form-data'] }),
    response: { ...call.answers, default: ErrorAnswer }
  }
}
