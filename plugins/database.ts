import fp from 'fastify-plugin'
import { openDatabase, type Database } from '../db/client.ts'
import { isDatabaseUnavailable } from '../db/failures.ts'
import { migrateDatabase } from '../db/migrate.ts'
import { untilItAnswers } from './start-up.ts'

declare module 'fastify' {
  interface FastifyInstance {
    database: Database
  }
}

/** Postgres: brings the schema up to date, opens the connections, and closes them last. */
export const databasePlugin = fp(async (app) => {
  const { DATABASE_URL: url, DATABASE_CONNECTIONS: connections, NODE_NAME: name } = app.config
  await untilItAnswers({ name: 'Postgres', setting: 'DATABASE_URL', url }, () => migrateDatabase(url), isDatabaseUnavailable)
  const database = openDatabase({ url, connections, applicationName: `parley-${name}` })
  app.decorate('database', database)
  app.addHook('onClose', () => database.close())
}, { name: 'database', dependencies: ['config'] })
