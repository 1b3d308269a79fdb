import closeWithGrace from 'close-with-grace'
import { pino } from 'pino'
import { buildApp, ConfigError, readConfig, serializeError } from './app.ts'

/** An error that nobody awaited or listened for fails what it belongs to, not the node. */
const stray = ['unhandledRejection', 'uncaughtException'] as const

/** How many connections may wait to be taken: with the usual 511 a crowd that comes at once is dropped, and tries again after seconds. */
const backlog = 4096

try {
  const config = readConfig(process.env)
  const logger = pino({ level: config.LOG_LEVEL, base: { node: config.NODE_NAME }, serializers: { err: serializeError } })
  const app = await buildApp({ config, logger })

  const closing = closeWithGrace({ delay: config.DRAIN_SECONDS * 1000 + 5000, logger, skip: [...stray] }, async ({ signal }) => {
    logger.info({ signal }, 'stopping')
    if (signal) await app.realtime.drain(config.DRAIN_SECONDS * 1000)
    await app.close()
  })
  for (const event of stray) process.on(event, (err: unknown) => { logger.error({ err, event }, 'an error that nobody caught') })
  // Started by a launcher: when that is gone, nobody is left to stop this node.
  process.once('disconnect', () => { void closing.close() })

  await app.listen({ host: config.HOST, port: config.PORT, backlog })
} catch (error) {
  console.error(explain(error))
  process.exit(1)
}

/** One sentence for what the operator can mend; anything else as it is. */
function explain (error: unknown): unknown {
  if (error instanceof ConfigError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Parley cannot start. Something else listens on this port already (${error.message}): stop it, or set PORT.`
  }
  return error
}
