import type { LogInput } from '../../sdk/log.ts'
import { answerCheck, answerSync, createRandom, eventsAfter, headOf, makeEvent, ModelApp, type ModelServer } from './log-world.ts'

/** A message on its way to a client, of one connection. */
interface InFlight { connection: number, input: LogInput, isAnswer: boolean }

interface ModelClient {
  app: ModelApp
  node: number | undefined
  connection: number
  /** Whether this connection says `joined`, or leaves it to the list of rooms. */
  isListed: boolean
  isAsking: boolean
  channel: InFlight[]
}

const nodes = 3

/** One story of a room: what happens, and what the network does to it, all from the seed. Fails when a promise is broken. */
export function playStory (seed: number): void {
  const random = createRandom(seed)
  const pick = (count: number): number => Math.floor(random() * count)
  const chance = (probability: number): boolean => random() < probability
  const pageSize = 1 + pick(8)
  const faults = { reorder: random() * 0.3, repeat: random() * 0.3, drop: random() * 0.2, epoch: chance(0.4), firstSeq: chance(0.2) }

  let renewals = 0
  const server: ModelServer = { epoch: 'e0', firstSeq: 1, events: [], tails: Array<number>(nodes).fill(0) }
  const clients: ModelClient[] = Array.from({ length: 3 }, (_, index) => ({
    app: new ModelApp(index === 2 ? 'now' : 'beginning'), node: undefined, connection: 0, isListed: false, isAsking: false, channel: []
  }))

  function send (client: ModelClient, input: LogInput, isAnswer = false): void {
    client.channel.push({ connection: client.connection, input, isAnswer })
  }

  function append (): void {
    server.events.push(makeEvent(headOf(server) + 1))
  }

  /** A node hears of more, and tells its clients in frames. */
  function advance (node: number, count: number): void {
    const events = eventsAfter(server, server.tails[node] ?? 0, count)
    server.tails[node] = (server.tails[node] ?? 0) + events.length
    const cut = pick(events.length + 1)
    for (const frame of [events.slice(0, cut), events.slice(cut)]) {
      if (frame.length === 0) continue
      for (const client of clients) if (client.node === node) send(client, { type: 'live', events: frame })
    }
  }

  function disconnect (client: ModelClient): void {
    client.node = undefined
    client.connection++
    client.isAsking = false
    client.channel = []
    client.app.take({ type: 'lost' })
  }

  function connect (client: ModelClient, node: number): void {
    client.node = node
    client.isListed = chance(0.3)
    if (!client.isListed) send(client, { type: 'joined', lastSeq: server.tails[node] ?? 0, epoch: server.epoch })
  }

  /** The answer of `GET /rooms`, read after the connection was made. */
  function list (client: ModelClient): void {
    if (client.node !== undefined && client.isListed && !client.app.state.isVerified) send(client, { type: 'listed', lastSeq: headOf(server), epoch: server.epoch })
  }

  function ask (client: ModelClient): void {
    const { ask } = client.app
    if (!ask || client.isAsking || client.node === undefined) return
    client.isAsking = true
    send(client, ask.kind === 'sync' ? answerSync(server, client.node, ask, pageSize) : answerCheck(server, ask, pageSize), true)
  }

  function deliver (client: ModelClient, isRough: boolean): void {
    const index = isRough && chance(faults.reorder) ? pick(client.channel.length) : 0
    const [message] = client.channel.splice(index, 1)
    if (!message) return
    if (message.isAnswer) client.isAsking = false
    if (isRough && chance(faults.drop)) return
    if (isRough && chance(faults.repeat)) client.channel.push({ ...message, isAnswer: false })
    client.app.take(message.input)
  }

  /** The end of the log is lost: it has another life, and every connection is closed. */
  function renew (): void {
    renewals++
    for (const client of clients) if (client.node !== undefined) disconnect(client)
    const kept = server.events.length - pick(Math.min(6, server.events.length + 1))
    server.events = server.events.slice(0, kept)
    server.epoch = `${server.epoch}+`
    server.tails = server.tails.map(() => headOf(server))
    if (faults.firstSeq && server.events.length > 2) {
      server.firstSeq = server.events[1]?.seq ?? 1
      server.events = server.events.slice(1)
    }
  }

  for (let step = 0; step < 300; step++) {
    const client = clients[pick(clients.length)] as ModelClient
    const action = random()
    if (action < 0.2) append()
    else if (action < 0.4) advance(pick(nodes), 1 + pick(4))
    else if (action < 0.65) deliver(client, true)
    else if (action < 0.8) ask(client)
    else if (action < 0.85) list(client)
    else if (action < 0.95 && client.node === undefined) connect(client, pick(nodes))
    else if (action > 0.97 && client.node !== undefined) disconnect(client)
    else if (action > 0.9697 && faults.epoch) renew()
  }

  settle()
  for (const { app } of clients) {
    if (renewals === 0 && app.resets > 0) throw new Error('was told to forget a log that is whole')
    const expected = server.events.filter(({ seq }) => seq > (app.base ?? 0))
    if (app.state.start === 'beginning' && (app.base ?? -1) !== server.firstSeq - 1 && app.resets > 0) throw new Error('does not begin with the first event')
    if (app.log.length !== expected.length) throw new Error(`has ${app.log.length} events of ${expected.length}`)
    expected.forEach(({ id, seq }, index) => {
      if (app.log[index]?.id !== id) throw new Error(`has another event ${seq}`)
    })
  }

  /** The faults end: one more event, and everything arrives. */
  function settle (): void {
    for (const client of clients) {
      if (client.node === undefined || chance(0.3)) {
        disconnect(client)
        connect(client, pick(nodes))
      }
    }
    append()
    for (let node = 0; node < nodes; node++) advance(node, Infinity)
    for (let round = 0; round < 1000; round++) {
      for (const client of clients) {
        while (client.channel.length > 0) deliver(client, false)
        list(client)
        ask(client)
      }
      if (clients.every(({ channel, app }) => channel.length === 0 && !app.ask && app.state.isVerified)) return
    }
    throw new Error('never comes to rest')
  }
}
