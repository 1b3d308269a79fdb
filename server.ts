import closeWithGrace from 'close-with-grace'
import { pino } from 'pino'
import { buildApp } from './app.ts'
import { ConfigError, readConfig } from './plugins/config.ts'

try {
  const config = readConfig(process.env)
  const logger = pino({ level: config.LOG_LEVEL, base: { node: config.NODE_NAME } })
  const app = await buildApp({ config, logger })

  const closing = closeWithGrace({ delay: config.DRAIN_SECONDS * 1000 + 5000, logger }, async ({ err, signal }) => {
    if (err) logger.fatal({ err }, 'stopping after an error that nobody caught')
    else logger.info({ signal }, 'stopping')
    await app.close()
  })
  // Started by a launcher: when that is gone, nobody is left to stop this node.
  process.once('disconnect', () => { void closing.close() })

  await app.listen({ host: config.HOST, port: config.PORT })
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error)
  process.exit(1)
}
