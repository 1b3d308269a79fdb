import { SerializerSelector, type SerializerFactory } from '@fastify/fast-json-stringify-compiler'
import type { FastifySerializerCompiler } from 'fastify'
import fp from 'fastify-plugin'

type Serialize = ReturnType<ReturnType<SerializerFactory>>

const compile = SerializerSelector()({}, {})
const known = new WeakMap<object, Serialize>()

/**
 * Answers are written as Fastify would, but what a schema needs is compiled once: every call shares the schema of errors
 * and most share others, and tests have many nodes in a process. It was a third of what a node does to start.
 */
const compileOnce: FastifySerializerCompiler<object> = (route) => {
  const { schema } = route
  const serialize = known.get(schema) ?? compile(route as Parameters<typeof compile>[0])
  known.set(schema, serialize)
  return serialize
}

export const serializationPlugin = fp(async (app) => {
  app.setSerializerCompiler(compileOnce)
}, { name: 'serialization' })
