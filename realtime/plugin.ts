import { randomUUID } from 'node:crypto'
import { createShardedAdapter } from '@socket.io/redis-adapter'
import fp from 'fastify-plugin'
import { Server, type Namespace } from 'socket.io'
import { Adapter } from 'socket.io-adapter'
import { ContractError, limits } from '../contract/index.ts'
import type { Config } from '../plugins/config.ts'
import { createAdmission } from './admission.ts'
import { createArrivals } from './arrivals.ts'
import { createAuthenticate, toConnectError } from './authenticate.ts'
import { createCommandLimit } from './command-limit.ts'
import { createConnection } from './connection.ts'
import { createConnectionCaps } from './connection-caps.ts'
import { limitPongs } from './backlog.ts'
import { createDelivery } from './delivery.ts'
import { createDispatcher } from './command.ts'
import { createDrain } from './drain.ts'
import { createEntrance } from './entrance.ts'
import { Channels } from './feed/channels.ts'
import { Feed } from './feed/feed.ts'
import { guardTransports } from './handshake.ts'
import { startHeartbeat } from './heartbeat.ts'
import { messageHandlers } from './handlers/messages.ts'
import { roomHandlers } from './handlers/rooms.ts'
import { syncHandlers } from './handlers/sync.ts'
import { typingHandlers } from './handlers/typing.ts'
import { createMemberships } from './memberships.ts'
import { createRealtimeMetrics } from './metrics.ts'
import { roomName } from './names.ts'
import { writeOnceATurn } from './outgoing.ts'
import { every } from './periodic.ts'
import type { NodeEventMap, ParleyServer, ReadMark } from './server.ts'
import { presenceHandlers, tellChanges } from './presence/sockets.ts'
import { createSessionEnd, recheckMs } from './session-end.ts'
import { createTyping } from './typing.ts'

declare module 'fastify' {
  interface FastifyInstance {
    realtime: {
      io: ParleyServer
      /** Sends the clients of this node elsewhere, over the given time, and lets nobody new in. */
      drain: (overMs: number) => Promise<void>
    }
  }
}

/** Whoever has not answered a ping in time is gone: a connection that is half open ends within 20 s. */
const pingMs = 10_000
const pongMs = 8000

const checkMs = 2000
/** How often a node looks for itself while nothing arrives from Redis. */
const pollMs = 250

const admittedAtOnce = 32
const patienceMs = 2000
/** A little less than `connectTimeout`. */
const relaxedPatienceMs = 8000

/**
 * Who is let in at once is about the health of the node, so LIMITS=relaxed leaves it: a load that overran the node would
 * show nothing. Only the line may be as long as a client can wait at all, because tests and load may not know how to come back.
 */
function admissionOptions ({ LIMITS }: Config) {
  return { atOnce: admittedAtOnce, patienceMs: LIMITS === 'relaxed' ? relaxedPatienceMs : patienceMs }
}

/** Socket.IO on this node: who may connect, what they may ask, and what they are told. */
export const realtimePlugin = fp(async (app) => {
  const { config, domain, redis } = app
  const shared = createShardedAdapter(redis.commands, redis.subscriber, {
    channelPrefix: redis.name('adapter'),
    // Few channels, all subscribed before the node is ready: the other mode loses what follows a join at once.
    subscriptionMode: 'static'
  })
  const io: ParleyServer = new Server(app.server, {
    serveClient: false,
    cleanupEmptyChildNamespaces: true,
    maxHttpBufferSize: limits.payloadBytes,
    pingInterval: pingMs,
    pingTimeout: pongMs,
    connectTimeout: 10_000,
    // Refused so, also a plain client tries again, and the balancer sends it elsewhere.
    allowRequest: (_request, answer) => { answer(drain.isDraining ? 'draining' : null, !drain.isDraining) },
    // A namespace that there is not is known for the time of its refusal: no reason to tell other nodes of it.
    // No arrow: Socket.IO calls it with `new`.
    adapter: function (namespace: Namespace) { return namespace.name === '/' ? shared(namespace) : new Adapter(namespace) }
  })
  // The balancer finds a polling client's node in its sid.
  io.engine.generateId = () => `${config.NODE_NAME}.${randomUUID()}`

  const { tell, ping } = writeOnceATurn(io)
  const heartbeat = startHeartbeat(io, { intervalMs: pingMs, timeoutMs: pongMs, ping })
  const drain = createDrain(io)
  const metrics = createRealtimeMetrics({
    metrics: app.metrics,
    io,
    localRooms: () => feed.size,
    isHearing: () => channels.isAlive,
    admissionsWaiting: () => admission.waiting
  })
  const channels = new Channels({
    redis,
    nodeId: randomUUID(),
    log: app.log,
    onNotice (roomId, notice) {
      if (notice.typing) typing.heard(roomId, notice.typing.userId, notice.typing.isTyping)
      feed.receive(roomId, notice)
    },
    onAlive (isAlive) {
      app.log.info({ isAlive }, isAlive ? 'hearing from redis' : 'nothing is heard from redis: polling postgres')
      feedCheck.now()
    },
    onUnpublished: metrics.noticeUnpublished
  })
  const typing = createTyping(io, () => memberships)
  const memberships = createMemberships({ io, feed: () => feed, members: domain.members, log: app.log })
  const feed = new Feed({
    history: domain.history,
    log: app.log,
    channels,
    onDue: createDelivery({ io, memberships, typing, tell, onDue: metrics.eventsDue, onMoved: (userId) => { app.presence.moved([userId]) } }),
    onGone: (roomId) => { app.presence.moved(memberships.close(roomId)) },
    onReset: (roomId) => { memberships.reset(roomId) },
    onFilled: metrics.eventsFilled,
    countListeners: (roomId) => io.of('/').adapter.rooms.get(roomName(roomId))?.size ?? 0
  })
  const sessionEnd = createSessionEnd({ sessions: domain.sessions, log: app.log, onSocketEnded: metrics.socketEnded, maxMs: app.sessionLifetimes.maxMs })

  const feedCheck = every(app.log, () => channels.isAlive ? checkMs : pollMs, () => feed.check())
  const timers = [
    feedCheck,
    every(app.log, () => checkMs, () => memberships.check()),
    every(app.log, () => recheckMs, () => sessionEnd.recheck())
  ]

  // What happens here is told to the sockets here, and to the other nodes.
  const tellNodes = <Name extends keyof NodeEventMap>(name: Name, ...args: Parameters<NodeEventMap[Name]>): void => {
    io.serverSideEmit(name, ...args)
  }
  const tellMark = ({ userId, roomId, seq, connectionId }: ReadMark): void => {
    const others = memberships.socketIdsOf(userId).filter((id) => id !== connectionId)
    if (others.length > 0) io.local.to(others).emit('read:marked', { roomId, seq })
  }
  domain.log.onCommitted((committed) => { feed.commit(committed) })
  domain.notices.listen({
    changed (userId) {
      app.presence.moved([userId])
      memberships.refreshIfHere(userId)
      tellNodes('membership:changed', userId)
    },
    roomDeleted (roomId) { feed.remove(roomId) },
    readMarked (mark) {
      tellMark(mark)
      tellNodes('read:marked', mark)
    }
  })
  domain.sessions.onEnded(({ id, reason }) => {
    sessionEnd.end(id, reason)
    tellNodes('session:ended', id, reason)
  })
  io.on('membership:changed', (userId) => {
    app.presence.moved([userId])
    memberships.refreshIfHere(userId)
  })
  app.presence.onChanged(tellChanges(io, tell))
  io.on('read:marked', tellMark)
  io.on('session:ended', (sessionId, reason) => { sessionEnd.end(sessionId, reason) })

  const dispatch = createDispatcher({
    app,
    handlers: {
      ...messageHandlers(domain),
      ...roomHandlers(domain, feed, memberships),
      ...syncHandlers(domain, feed, memberships),
      ...typingHandlers(domain, channels, typing),
      ...presenceHandlers(app.presence, feed)
    },
    limit: createCommandLimit({ rate: app.rates.commands, costs: app.rates.commandCosts, onFlooded: metrics.socketFlooded }),
    onAnswered: metrics.commandAnswered
  })
  const caps = createConnectionCaps({ perUser: app.rates.userConnections, perAddress: app.rates.addressConnections })
  const admission = createAdmission({ ...admissionOptions(config), onRefused: metrics.admissionRefused })
  const entrance = createEntrance({ admission, caps })
  guardTransports(app, io, caps)
  limitPongs(io, limits.backlogBytes, metrics.socketCutOff)
  io.use(createAuthenticate(app, entrance, createArrivals({ app, entrance, memberships })))
  // There is one namespace; whoever asks for another is told so, once.
  io.of(/^\/.+/).use((socket, next) => {
    next(toConnectError(new ContractError('route.not_found')))
    setImmediate(() => { socket.conn.close() })
  })
  io.on('connection', createConnection({ app, memberships, sessionEnd, entrance, dispatch, tell, onCutOff: metrics.socketCutOff }))

  app.decorate('realtime', { io, drain: (overMs) => { app.presence.drain(); return drain.start(overMs) } })
  app.health.addCheck('not draining', () => !drain.isDraining)
  app.health.addCheck('notifications', () => channels.isAlive)
  app.addHook('onReady', async () => {
    await channels.start()
    for (const timer of timers) timer.start()
  })
  app.addHook('preClose', async () => {
    for (const socket of io.sockets.sockets.values()) socket.conn.close()
  })
  app.addHook('onClose', async () => {
    for (const timer of timers) timer.stop()
    heartbeat.stop()
    typing.stop()
    channels.stop()
    await io.close()
  })
}, { name: 'realtime', dependencies: ['config', 'rates', 'client-address', 'health', 'metrics', 'presence', 'redis', 'domain', 'sessions', 'origins', 'validation', 'errors'] })
