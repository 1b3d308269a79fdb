import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'

/** Beside the compiled plugins; `npm run build` puts the web client there. */
const built = fileURLToPath(new URL('../web/', import.meta.url))

/** Names of files change with what is in them. */
const foreverSeconds = 365 * 86_400

/**
 * The web client: `/` is its page, asked for anew each time, and `/assets` what the page loads, kept by browsers for good.
 * Where it has not been built the node is a node all the same, and `/` says what to do.
 */
export const webPlugin = fp<{ folder?: string }>(async (app, { folder = built }) => {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', { schema: { hide: true } }, async (_request, reply) => {
      return await reply.status(503).type('text/plain; charset=utf-8').send('The web client has not been built: npm run build, then start again.\n')
    })
    return
  }

  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    maxAge: foreverSeconds * 1000,
    immutable: true
  })
  app.get('/', { schema: { hide: true } }, async (_request, reply) => {
    return await reply.sendFile('index.html', folder, { cacheControl: false }).header('cache-control', 'no-cache')
  })
}, { name: 'web', dependencies: ['errors', 'security-headers'] })
