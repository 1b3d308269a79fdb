import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import pino from 'pino'
import type { Test } from 'tap'
import { Channels, type RoomNotice } from '../../realtime/feed/channels.ts'
import { createStores, type Stores } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const roomId = randomUUID()

function connect (t: Test, { redisUrl }: Stores): Redis {
  const redis = new Redis(redisUrl)
  t.teardown(() => { redis.disconnect() })
  return redis
}

/** A node as far as its channels go, and what it hears of the room. */
async function startNode (t: Test, stores: Stores) {
  const redis = { commands: connect(t, stores), subscriber: connect(t, stores), name: (...parts: string[]) => [stores.redisPrefix, ...parts].join(':') }
  const heard: string[] = []
  const channels = new Channels({
    redis,
    nodeId: randomUUID(),
    log: pino({ level: 'silent' }),
    onNotice: (_, { typing }) => { if (typing) heard.push(typing.userId) },
    onAlive: () => {},
    onUnpublished: () => {}
  })
  t.teardown(() => { channels.stop() })
  await channels.start()
  await channels.subscribe([roomId])
  return { ...redis, channels, heard, say: (userId: string) => { channels.publish(roomId, typingOf(userId)) } }
}

const typingOf = (userId: string): RoomNotice => ({ typing: { userId, isTyping: true } })

/** Everything that Redis is told for the room. */
async function listen (t: Test, stores: Stores) {
  const messages: string[] = []
  const listener = connect(t, stores)
  await listener.ssubscribe(`${stores.redisPrefix}:room:{${roomId}}`)
  listener.on('smessage', (_, message: string) => { messages.push(message) })
  return messages
}

/** Says it, and whether Redis was told: something else goes the same way behind it. */
async function isTold ({ say, commands, name }: Awaited<ReturnType<typeof startNode>>, messages: string[]): Promise<boolean> {
  const mine = randomUUID()
  const marker = `${randomUUID()}{}`
  say(mine)
  await commands.spublish(`${name('room')}:{${roomId}}`, marker)
  await until('the marker arrives', () => messages.includes(marker))
  return messages.some((message) => message.includes(mine))
}

t.test('a node that is alone tells Redis nothing; from the moment that another one has come, everything', async (t) => {
  const stores = await createStores(t)
  const messages = await listen(t, stores)
  const first = await startNode(t, stores)
  await until('it knows that it is alone', async () => !await isTold(first, messages))

  for (let round = 0; round < 2; round++) {
    const second = await startNode(t, stores)
    const word = `after ${round}`
    first.say(word)
    await until('the newcomer hears it', () => second.heard.includes(word))
    second.say(word)
    await until('and is heard', () => first.heard.includes(word))
    second.channels.stop()
    second.subscriber.disconnect()
    await until('it is alone again', async () => !await isTold(first, messages))
  }
})

t.test('a node that was not listening for a moment does not take itself for alone', async (t) => {
  const stores = await createStores(t)
  const messages = await listen(t, stores)
  const first = await startNode(t, stores)
  await until('it knows that it is alone', async () => !await isTold(first, messages))
  const wasClosed = new Promise((resolve) => { first.subscriber.once('close', resolve) })
  first.subscriber.disconnect(true)
  await wasClosed
  t.ok(await isTold(first, messages))
  await until('it is alone again', async () => !await isTold(first, messages))
})

/** Listens where nodes do, and writes down who comes; it answers nothing by itself. */
async function startSilentNeighbour (t: Test, stores: Stores) {
  const [listener, speaker] = [connect(t, stores), connect(t, stores)]
  const came: string[] = []
  await listener.ssubscribe(`${stores.redisPrefix}:nodes`)
  listener.on('smessage', (_, nodeId: string) => { came.push(nodeId) })
  return { came, welcome: (nodeId: string) => speaker.spublish(`${stores.redisPrefix}:probe:${nodeId}`, 'welcome') }
}

t.test('a newcomer has come only when everybody has welcomed it', async (t) => {
  const stores = await createStores(t)
  const neighbours = [await startSilentNeighbour(t, stores), await startSilentNeighbour(t, stores)] as const
  const steps: string[] = []
  const started = startNode(t, stores).then(() => { steps.push('started') })
  for (const { came, welcome } of neighbours) {
    await until('it says that it has come', () => came.length > 0)
    steps.push('welcomed')
    await welcome(came[0] as string)
  }
  await started
  t.same(steps, ['welcomed', 'welcomed', 'started'])
})

t.test('but it does not wait for ever for one that is stuck, and then speaks as if it were heard', async (t) => {
  const stores = await createStores(t)
  await startSilentNeighbour(t, stores)
  const messages = await listen(t, stores)
  const startedAt = performance.now()
  const node = await startNode(t, stores)
  t.ok(performance.now() - startedAt > 900)
  t.ok(await isTold(node, messages))
})

t.test('what could not be said is said again', async (t) => {
  const stores = await createStores(t)
  const { came } = await startSilentNeighbour(t, stores)
  const redis = { commands: connect(t, stores), subscriber: connect(t, stores), name: (...parts: string[]) => [stores.redisPrefix, ...parts].join(':') }
  const lost = connect(t, stores)
  await lost.ping()
  const isClosed = new Promise((resolve) => { lost.once('end', resolve) })
  lost.disconnect()
  await isClosed
  const nodeId = randomUUID()
  const channels = new Channels({
    redis: { ...redis, commands: lost }, nodeId, log: pino({ level: 'silent' }), onNotice: () => {}, onAlive: () => {}, onUnpublished: () => {}
  })
  t.teardown(() => { channels.stop() })
  await channels.start()
  t.same([came, channels.isAlive], [[], false])
  await lost.connect()
  await until('it says that it has come', () => came.includes(nodeId))
  await until('it is there', () => channels.isAlive)
})

t.test('a node that stops while it arrives says nothing more', async (t) => {
  const stores = await createStores(t)
  const neighbour = await startSilentNeighbour(t, stores)
  const redis = { commands: connect(t, stores), subscriber: connect(t, stores), name: (...parts: string[]) => [stores.redisPrefix, ...parts].join(':') }
  const nodeId = randomUUID()
  const channels = new Channels({ redis, nodeId, log: pino({ level: 'silent' }), onNotice: () => {}, onAlive: () => {}, onUnpublished: () => {} })
  const probes: string[] = []
  const listener = connect(t, stores)
  await listener.ssubscribe(`${stores.redisPrefix}:probe:${nodeId}`)
  listener.on('smessage', (_, message: string) => { probes.push(message) })

  const started = channels.start()
  await until('it says that it has come', () => neighbour.came.includes(nodeId))
  channels.stop()
  await neighbour.welcome(nodeId)
  await started
  await redis.commands.spublish(`${stores.redisPrefix}:probe:${nodeId}`, 'the last')
  await until('what was said before is here', () => probes.includes('the last'))
  t.same(probes, ['welcome', 'the last'])
})

t.test('and one that stops before it listens does not even say that it has come', async (t) => {
  const stores = await createStores(t)
  const neighbour = await startSilentNeighbour(t, stores)
  const redis = { commands: connect(t, stores), subscriber: connect(t, stores), name: (...parts: string[]) => [stores.redisPrefix, ...parts].join(':') }
  await redis.subscriber.ping()
  const channels = new Channels({ redis, nodeId: randomUUID(), log: pino({ level: 'silent' }), onNotice: () => {}, onAlive: () => {}, onUnpublished: () => {} })
  const started = channels.start()
  channels.stop()
  await started
  await redis.commands.spublish(`${stores.redisPrefix}:nodes`, 'somebody else')
  await until('what was said before is here', () => neighbour.came.includes('somebody else'))
  t.same(neighbour.came, ['somebody else'])
})
