import { commands, ErrorAnswer, serverEvents } from '../../contract/index.ts'
import { componentSchemas, shareSchemas, toDocumentSchema } from './document-schema.ts'

/** What a socket may ask and what it is told, as an AsyncAPI 3 document. */
export function describeSockets (version: string): Record<string, unknown> {
  const events = Object.entries(serverEvents).map(([name, payload]) => ({ name, payload }))
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley, over Socket.IO',
      version,
      description: 'Namespace `/`, path `/socket.io`, authenticated by the cookie `sid` of REST. ' +
        'Every command takes `(payload, ack)` and is acked with `{ok: true, data}` or `{ok: false, error}`.'
    },
    defaultContentType: 'application/json',
    channels: {
      socket: {
        address: '/socket.io',
        title: 'One connection of one session',
        messages: Object.fromEntries([...Object.keys(commands).flatMap((name) => [messageKey(name), ackKey(name)]), ...events.map(({ name }) => messageKey(name))]
          .map((key) => [key, { $ref: `#/components/messages/${key}` }]))
      }
    },
    operations: { ...commandOperations(), ...Object.fromEntries(events.map(({ name }) => [messageKey(name), operation('send', name)])) },
    components: {
      messages: { ...commandMessages(), ...Object.fromEntries(events.map(({ name, payload }) => [messageKey(name), message(name, payload)])) },
      schemas: componentSchemas()
    }
  }
}

/** Keys hold no colon: `message:send` is `message.send`. */
function messageKey (name: string): string {
  return name.replaceAll(':', '.')
}

function ackKey (name: string): string {
  return `${messageKey(name)}.ack`
}

function message (name: string, payload: object): object {
  return { name, title: name, payload: shareSchemas(toDocumentSchema({ ...payload }), false) }
}

function commandMessages (): Record<string, object> {
  return Object.fromEntries(Object.entries(commands).flatMap(([name, { payload, data }]) => [
    [messageKey(name), message(name, payload)],
    [ackKey(name), message(`${name}, acked`, ackSchema(data))]
  ]))
}

function ackSchema (data: object): object {
  const succeeded = { type: 'object', required: ['ok', 'data'], properties: { ok: { const: true }, data } }
  const failed = { type: 'object', required: ['ok', 'error'], properties: { ok: { const: false }, error: ErrorAnswer.properties.error } }
  return { oneOf: [succeeded, failed] }
}

/** Seen from the server, as AsyncAPI wants it: it receives commands and sends events. */
function operation (action: 'send' | 'receive', name: string): object {
  return { action, channel: { $ref: '#/channels/socket' }, messages: [{ $ref: `#/channels/socket/messages/${messageKey(name)}` }] }
}

function commandOperations (): Record<string, object> {
  return Object.fromEntries(Object.keys(commands).map((name) => [messageKey(name), {
    ...operation('receive', name),
    reply: { channel: { $ref: '#/channels/socket' }, messages: [{ $ref: `#/channels/socket/messages/${ackKey(name)}` }] }
  }]))
}
