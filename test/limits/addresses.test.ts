import type { IncomingMessage } from 'node:http'
import fastify from 'fastify'
import { pino } from 'pino'
import { clientAddressPlugin } from '../../plugins/client-address.ts'
import { configPlugin, readConfig } from '../../plugins/config.ts'
import { testEnvironment } from '../helpers/node.ts'
import { t } from '../suite.ts'

const nowhere = { databaseUrl: 'postgres://nowhere', redisUrl: 'redis://nowhere', redisPrefix: 'nowhere' }

async function build (TRUST_PROXY: string) {
  const warnings: string[] = []
  const loggerInstance = pino({ level: 'warn' }, { write: (line) => { warnings.push(line) } })
  const app = fastify({ loggerInstance })
  await app.register(configPlugin, { config: readConfig(testEnvironment(nowhere, { TRUST_PROXY })) })
  await app.register(clientAddressPlugin)
  const addressOf = (forwarded?: string, remoteAddress = '127.0.0.1') =>
    app.addressOf({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } } as unknown as IncomingMessage)
  return { addressOf, warnings }
}

t.test('an address is the client\'s, as far as trusted proxies tell it', async (t) => {
  const { addressOf, warnings } = await build('127.0.0.1, 10.0.0.0/8')
  t.equal(addressOf(), '127.0.0.1')
  t.equal(addressOf('203.0.113.7'), '203.0.113.7')
  t.equal(addressOf('198.51.100.1, 203.0.113.7, 10.1.2.3'), '203.0.113.7', 'not what the client made up before it')
  t.equal(addressOf('203.0.113.7', '192.0.2.1'), '192.0.2.1', 'a stranger is not believed')
  t.equal(addressOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::')
  t.equal(addressOf('::ffff:203.0.113.7'), '203.0.113.7')
  t.equal(addressOf('x'.repeat(8000)), '127.0.0.1', 'what is no address is nobody\'s')
  t.same(warnings, [])
})

t.test('a proxy that nobody has named is mentioned in the log, once', async (t) => {
  const { addressOf, warnings } = await build('')
  t.equal(addressOf(), '127.0.0.1')
  t.same(warnings, [])
  t.equal(addressOf('203.0.113.7'), '127.0.0.1')
  t.equal(addressOf('203.0.113.8'), '127.0.0.1')
  t.equal(warnings.length, 1)
  t.match(warnings[0], /TRUST_PROXY/)
})
