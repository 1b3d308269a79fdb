import { pino } from 'pino'

/** What ioredis hangs on an error: the command with its arguments, and those hold session ids and what a session says. */
const secretFields = new Set(['command', 'previousErrors'])

/** An error as it is logged: without the commands of Redis that failed, however deep they lie. */
export function serializeError (error: unknown): unknown {
  return withoutSecrets(error, [])
}

function withoutSecrets (value: unknown, above: object[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) return undefined
  const path = [...above, value]
  if (Array.isArray(value)) return value.map((part) => withoutSecrets(part, path))
  if ('toJSON' in value || ArrayBuffer.isView(value)) return value
  const fields = value instanceof Error ? pino.stdSerializers.err(value) : value
  return Object.fromEntries(Object.entries(fields)
    .filter(([name]) => !secretFields.has(name))
    .map(([name, part]) => [name, withoutSecrets(part, path)]))
}
