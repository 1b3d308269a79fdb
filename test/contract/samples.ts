import { randomUUID } from 'node:crypto'

/** As much of JSON Schema as the contract uses. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'null'
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  maxItems?: number
  anyOf?: Schema[]
  enum?: unknown[]
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

/** What stands for fields of these names: such as the id of a room that is there. */
export type Known = Record<string, unknown>

/** Something that the schema takes, with every field that it names. */
export function makeSample (schema: Schema, known: Known = {}, name = ''): unknown {
  if (name in known) return known[name]
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf?.[0]) return makeSample(schema.anyOf[0], known, name)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, part]) => [key, makeSample(part, known, key)]))
    case 'array': return schema.items ? [makeSample(schema.items, known, name.replace(/s$/, ''))] : []
    case 'boolean': return false
    case 'integer': return schema.minimum ?? 0
    case 'string': return makeText(schema)
    default: return null
  }
}

/** An object of this schema with what it requires and nothing else. */
export function makeLeast (schema: Schema, known: Known = {}): Record<string, unknown> {
  return Object.fromEntries((schema.required ?? []).map((key) => [key, makeSample(schema.properties?.[key] ?? {}, known, key)]))
}

function makeText ({ format, minLength = 0, maxLength = 20 }: Schema): string {
  if (format === 'uuid') return randomUUID()
  if (format === 'date-time') return '2999-01-01T00:00:00.000Z'
  if (format === 'email') return 'somebody@example.com'
  return 'abcdefgh'.slice(0, maxLength).padEnd(minLength, 'x')
}

/** Whether a field of this name stands anywhere in the schema. */
export function mentions (schema: Schema | undefined, name: string): boolean {
  if (!schema) return false
  const { properties = {}, items, anyOf = [] } = schema
  return name in properties || [...Object.values(properties), ...anyOf, ...(items ? [items] : [])].some((part) => mentions(part, name))
}
