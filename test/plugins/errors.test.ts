import { fastify } from 'fastify'
import { errorsPlugin } from '../../plugins/errors.ts'
import { t } from '../suite.ts'

t.test('that a store is away is said by its name, and for each store now and then', async (t) => {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(errorsPlugin)
  const said: Array<{ store: string, message: string }> = []
  const log = {
    error: () => { t.fail('this is nobody\'s fault here') },
    warn: (fields: object, message: string) => { said.push({ ...fields as { store: string }, message }) }
  }
  const postgres = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const redis = new Error('Stream isn\'t writeable and enableOfflineQueue options is false')
  for (const error of [postgres, redis, postgres, redis]) t.equal(app.toContractError(error, log).code, 'server.unavailable')
  t.match(said, [{ store: 'Postgres', message: /^Postgres is unavailable/ }, { store: 'Redis', message: /^Redis is unavailable/ }])
  t.equal(said.length, 2)
})
