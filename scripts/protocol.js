import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { calls, commands, ErrorAnswer, errorKinds, limits, serverEvents } from '../dist/contract/index.js'
import { namedSchemas, toDocumentSchema } from '../dist/plugins/documents/document-schema.js'
import { notation, notationOf } from './notation.js'
import { readRemarks } from './remarks.js'

const contract = join(dirname(dirname(fileURLToPath(import.meta.url))), 'contract')
const remarks = {
  commands: readRemarks(join(contract, 'commands.ts'), 'commands'),
  events: readRemarks(join(contract, 'server-events.ts'), 'serverEvents'),
  limits: readRemarks(join(contract, 'limits.ts'), 'limits')
}

const names = new Map(Object.entries(namedSchemas).map(([name, schema]) => [JSON.stringify(schema), name]))

/** A schema of the contract as a type one can read. */
const write = (schema) => notation(toDocumentSchema(schema), names)

function table (heads, rows) {
  const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ')
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')
}

function callSection ([name, call]) {
  const asked = Object.entries({ query: call.query, body: call.body }).filter(([, schema]) => schema)
  return [
    `#### ${call.method} ${call.path}`,
    `${call.summary}${call.open ? ' Needs no session.' : ''} (\`${name}\`)`,
    [
      ...asked.map(([part, schema]) => `- ${part}: \`${write(schema)}\``),
      ...Object.entries(call.answers).map(([status, schema]) => `- ${status}${schema.type === 'null' ? '' : `: \`${write(schema)}\``}`)
    ].join('\n')
  ].join('\n\n')
}

function restSections () {
  const areaOf = ({ path }) => path.split('/')[1]
  const areas = new Set(Object.values(calls).map(areaOf))
  return [...areas].map((area) => [
    `### /${area}`,
    ...Object.entries(calls).filter(([, call]) => areaOf(call) === area).map(callSection)
  ].join('\n\n'))
}

/** A union of objects on as many lines. */
function typeOf (name, schema) {
  const parts = schema.anyOf ?? [schema]
  const separator = parts.length > 1 ? '\n  | ' : ' '
  return `type ${name} =${parts.map((part) => separator + notationOf(part, names)).join('')}`
}

/** docs/protocol.md: everything that a client may rely on, as the contract states it. */
export function describeProtocol () {
  return [
    '# Protocol, version 1',
    'Made from `contract/` by `npm run docs`: do not edit. A node serves the same as `/docs/openapi.json` and `/docs/asyncapi.json`.',
    'Types are written as in TypeScript: `?` marks what may be left out, `int` is a whole number, and a range after a type bounds its length or value. ' +
      'The named ones stand [at the end](#types). Ids are UUIDs, times ISO 8601 in UTC.',
    '## What fails',
    `REST bodies, acks and \`connect_error.data\` carry the same object: \`${write(ErrorAnswer)}\`.`,
    table(['code', 'status', 'again?', 'message'], Object.entries(errorKinds)
      .map(([code, { status, retryable, message }]) => [`\`${code}\``, status, retryable ? 'yes' : '', message])),
    '## REST',
    'All calls are under `/api`, in JSON. Who is asking follows from the cookie `sid`, which `POST /auth/login` sets.',
    ...restSections(),
    '## Socket.IO: commands',
    'Namespace `/`, path `/socket.io`, with the same cookie. Every command takes `(payload, ack)` and acks `{ok: true, data}` or `{ok: false, error}`.',
    table(['command', 'payload', 'data', ''], Object.entries(commands)
      .map(([name, { payload, data }]) => [`\`${name}\``, `\`${write(payload)}\``, `\`${write(data)}\``, remarks.commands.get(name) ?? ''])),
    '## Socket.IO: events',
    table(['event', 'payload', ''], Object.entries(serverEvents)
      .map(([name, payload]) => [`\`${name}\``, `\`${write(payload)}\``, remarks.events.get(name) ?? ''])),
    '## Limits',
    'Bytes are of the JSON text in UTF-8.',
    table(['limit', 'value', ''], Object.entries(limits)
      .map(([name, value]) => [`\`${name}\``, value.toLocaleString('en'), remarks.limits.get(name) ?? ''])),
    '## Types',
    ...Object.entries(namedSchemas).map(([name, schema]) => `\`\`\`ts\n${typeOf(name, schema)}\n\`\`\``)
  ].join('\n\n') + '\n'
}
