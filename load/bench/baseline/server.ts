// What Parley is compared with: Socket.IO with the Redis adapter as its documentation sets it up, websocket only. Nobody
// is asked who they are, nothing is stored, and nothing is in any order. With BATCH_MS, what is said in a room within so
// many milliseconds goes out as one event.
import { createServer } from 'node:http'
import { createShardedAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'

interface Said {
  roomId: string
  id: string
  text: string
}

type Message = Said & { actorId: string, at: string }

interface FromClient {
  join: (roomIds: string[], ack: (answer: object) => void) => void
  message: (said: Said, ack: (answer: object) => void) => void
}

interface ToClient {
  message: (message: Message) => void
  messages: (batch: { roomId: string, messages: Message[] }) => void
}

const { REDIS_URL = 'redis://127.0.0.1', REDIS_PREFIX = 'socket.io', HOST, PORT, BATCH_MS = '0' } = process.env
const batchMs = Number(BATCH_MS)

const publisher = new Redis(REDIS_URL)
const subscriber = publisher.duplicate()
const http = createServer((_request, response) => { response.end() })
const io = new Server<FromClient, ToClient>(http, {
  transports: ['websocket'],
  serveClient: false,
  adapter: createShardedAdapter(publisher, subscriber, { channelPrefix: REDIS_PREFIX })
})

const batches = new Map<string, Message[]>()

function tellLater (message: Message): void {
  const { roomId } = message
  const waiting = batches.get(roomId)
  if (waiting) {
    waiting.push(message)
    return
  }
  const messages = [message]
  batches.set(roomId, messages)
  setTimeout(() => {
    batches.delete(roomId)
    io.to(roomId).emit('messages', { roomId, messages })
  }, batchMs)
}

io.on('connection', (socket) => {
  socket.on('join', (roomIds, ack) => {
    void socket.join(roomIds)
    ack({ ok: true })
  })
  socket.on('message', ({ roomId, id, text }, ack) => {
    const message = { roomId, id, actorId: socket.id, at: new Date().toISOString(), text }
    if (batchMs > 0) tellLater(message)
    else io.to(roomId).emit('message', message)
    ack({ ok: true })
  })
})

http.listen(Number(PORT), HOST)
