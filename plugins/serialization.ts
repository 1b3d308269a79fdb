import { SerializerSelector, type SerializerFactory } from '@fastify/fast-json-stringify-compiler'
import type { FastifySerializerCompiler } from 'fastify'
import fp from 'fastify-plugin'

type Serialize = ReturnType<ReturnType<SerializerFactory>>

const compile = SerializerSelector()({}, {})
const compiled = new WeakMap<object, Serialize>()

/**
 * Answers are written as Fastify would, but each schema is compiled once: every route shares the one of errors, most share
 * others, and tests have many nodes in a process. It was a third of what a node does to start. A schema stands for itself:
 * what `addSchema` or `serializerOpts` say is not known here.
 */
const compileOnce: FastifySerializerCompiler<object> = (route) => {
  const { schema } = route
  let serialize = compiled.get(schema)
  if (!serialize) {
    serialize = compile(route as Parameters<typeof compile>[0])
    compiled.set(schema, serialize)
  }
  return serialize
}

export const serializationPlugin = fp(async (app) => {
  app.setSerializerCompiler(compileOnce)
}, { name: 'serialization' })
