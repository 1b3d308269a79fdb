import swagger, { type SwaggerTransformObject } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { describeSockets } from './documents/asyncapi.ts'
import { componentSchemas, shareSchemas, toDocumentSchema } from './documents/document-schema.ts'

/** The version of the contract, not of the program. */
const version = '1'

const info = {
  title: 'Parley, over REST',
  version,
  description: 'Sign in with `POST /api/auth/login`; the cookie `sid` that it sets stands for you from then on. ' +
    'What sockets say is in [asyncapi.json](/docs/asyncapi.json).'
}

const answers: Record<string, string> = { 200: 'Done.', 201: 'Made.', 204: 'Done; there is nothing to say.', 302: 'Go on at `Location`.', default: 'It failed.' }

/** The page loads nothing from elsewhere, and tells nobody of itself. */
const contentSecurityPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; object-src 'none'"

/** `/docs`: what the contract says about REST, for people; `/docs/openapi.json` and `/docs/asyncapi.json` for machines. */
export const openapiPlugin = fp(async (app) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'sid' } } },
      security: [{ session: [] }]
    },
    transform: ({ schema, url }) => ({ schema: describeRoute(schema, url), url }),
    transformObject: (made) => finish((made as unknown as { openapiObject: Document }).openapiObject) as ReturnType<SwaggerTransformObject>
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: contentSecurityPolicy })

  const sockets = describeSockets(version)
  app.get('/docs/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  app.get('/docs/asyncapi.json', { schema: { hide: true } }, async () => sockets)
}, { name: 'openapi' })

/** Calls of the contract are described; whatever else the server answers is not. */
function describeRoute (schema: FastifySchema | undefined, url: string): FastifySchema {
  if (!schema?.operationId) return { hide: true }
  const [, , area = ''] = url.split('/')
  const form = schema.consumes && { body: { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] } }
  return { ...toDocumentSchema(schema) as FastifySchema, ...form, tags: [area] }
}

interface Response {
  content?: Record<string, { schema?: { format?: string } }>
}

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>
  components: object
}

function finish ({ paths, components, ...rest }: Document): object {
  for (const operation of Object.values(paths).flatMap(Object.values<{ responses: Record<string, Response> }>)) {
    for (const [status, response] of Object.entries(operation.responses)) {
      Object.assign(response, { description: answers[status] })
      const json = response.content?.['application/json']
      if (json?.schema?.format === 'binary') response.content = { 'application/octet-stream': json }
    }
  }
  return { ...rest, paths: shareSchemas(paths), components: { ...components, schemas: componentSchemas() } }
}
