import fp from 'fastify-plugin'
import { openDatabase, type Database } from '../db/client.ts'
import { isDatabaseUnavailable } from '../db/failures.ts'
import { migrateDatabase, NewerSchemaError, TablesHeldError } from '../db/migrate.ts'
import { untilItAnswers } from './start-up.ts'

declare module 'fastify' {
  interface FastifyInstance {
    database: Database
  }
}

/** Postgres: brings the schema up to date, opens the connections, and closes them last. */
export const databasePlugin = fp(async (app) => {
  const { DATABASE_URL: url, DATABASE_CONNECTIONS: connections, NODE_NAME: name } = app.config
  await untilItAnswers({
    name: 'Postgres',
    setting: 'DATABASE_URL',
    url,
    attempt: () => migrateDatabase(url),
    isAway: isDatabaseUnavailable,
    explain: explainRefusal
  })
  const database = openDatabase({ url, connections, applicationName: `parley-${name}` })
  app.decorate('database', database)
  app.addHook('onClose', () => database.close())
}, { name: 'database', dependencies: ['config'] })

/** What does not pass by waiting. */
function explainRefusal (error: unknown): string | undefined {
  if (error instanceof NewerSchemaError) return 'start the release that brought it up to date, or a later one.'
  if (error instanceof TablesHeldError) return 'let it end, or end it, and start again.'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('28')) return 'set the user and the password in DATABASE_URL to ones that it knows.'
  if (code === '3D000') return 'create the database, or set DATABASE_URL to one that there is.'
  if (code === '42501') return 'let the user in DATABASE_URL create schemas and tables in this database, or set another one.'
}
