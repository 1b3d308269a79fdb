// What the machine needs at least for a delivery: each message is made a websocket frame once, by moving text, and
// written to every connection. It speaks as much of Socket.IO's protocol as the light client needs; there is one room.
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'

const connections = new Set<Duplex>()
const http = createServer((_request, response) => { response.end() })
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })

/** A text frame, as servers send it: not masked. */
function toFrame (text: string): Buffer {
  const payload = Buffer.from(text)
  const header = Buffer.alloc(4)
  header.writeUInt16BE(0x817e)
  header.writeUInt16BE(payload.length, 2)
  return Buffer.concat([payload.length < 126 ? Buffer.from([0x81, payload.length]) : header, payload])
}

/** `42<id>["message",<payload>]` */
function broadcast (socket: WebSocket, text: string): void {
  const start = text.indexOf('[')
  const frame = toFrame(`42${text.slice(start)}`)
  for (const connection of connections) connection.write(frame)
  socket.send(`43${text.slice(2, start)}[{"ok":true}]`)
}

http.on('upgrade', (request, connection, head) => {
  sockets.handleUpgrade(request, connection, head, (socket) => {
    connection.on('close', () => connections.delete(connection))
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text.includes('["join"')) {
        connections.add(connection)
        socket.send(`43${text.slice(2, text.indexOf('['))}[{"ok":true}]`)
      } else if (text.startsWith('42')) broadcast(socket, text)
      else if (text.startsWith('40')) socket.send('40{"sid":"raw"}')
    })
    socket.send('0{"sid":"raw","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}')
  })
})

http.listen(Number(process.env.PORT), process.env.HOST)
