/** JSON Schema as a type, the way TypeScript writes it; what has a name is named. */
export function notation (schema, names) {
  return names.get(JSON.stringify(schema)) ?? notationOf(schema, names)
}

/** The same, with the schema itself spelled out although it has a name. */
export function notationOf (schema, names) {
  if ('const' in schema) return JSON.stringify(schema.const).replaceAll('"', '\'')
  if (schema.enum) return schema.enum.map((value) => `'${value}'`).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((part) => notation(part, names)).join(' | ')
  if (schema.type === 'array') return arrayOf(notation(schema.items, names)) + range(schema.minItems, schema.maxItems)
  if (schema.type === 'object') return objectOf(schema, names)
  if (schema.type === 'integer') return `int${range(schema.minimum, bounded(schema.maximum))}`
  if (schema.format === 'uuid') return 'Id'
  if (schema.format === 'date-time') return 'Timestamp'
  return `${schema.type}${range(schema.minLength, schema.maxLength)}`
}

function objectOf ({ properties = {}, required = [] }, names) {
  const fields = Object.entries(properties)
    .map(([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${notation(schema, names)}`)
  return fields.length > 0 ? `{ ${fields.join(', ')} }` : '{}'
}

function arrayOf (item) {
  return /[ |]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
}

/** The largest safe integer bounds nothing that anybody meets. */
function bounded (maximum) {
  return maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
}

function range (least, most) {
  if (most !== undefined) return ` (${least ?? 0}–${most})`
  return least === undefined ? '' : ` (≥ ${least})`
}
