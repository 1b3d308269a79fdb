import * as contract from '../../contract/index.ts'

/** What the contract's private keywords mean, in words: readers of a document do not know them. */
const meanings: Record<string, Record<string, string>> = {
  normalize: { trim: 'Trimmed.', lowerCase: 'Put in lower case.' },
  wellFormed: { true: 'Without NUL and lone surrogates.' }
}

/** A schema of the contract as plain JSON Schema. */
export function toDocumentSchema (schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(toDocumentSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const plain: Record<string, unknown> = {}
  const remarks: string[] = []
  for (const [key, value] of Object.entries(schema)) {
    const meaning = meanings[key]?.[String(value)]
    if (meaning) remarks.push(meaning)
    else plain[key] = toDocumentSchema(value)
  }
  if (remarks.length > 0) plain.description = [plain.description, ...remarks].filter(Boolean).join(' ')
  return plain
}

/** The schemas that the contract has names for, as every document lists them. */
export const namedSchemas: Record<string, object> = Object.fromEntries(Object.entries(contract)
  .filter(([, value]) => typeof value === 'object' && ('anyOf' in value || 'enum' in value || ('type' in value && value.type === 'object')))
  .map(([name, value]) => [name, toDocumentSchema(value) as object]))

const namesByText = new Map(Object.entries(namedSchemas).map(([name, schema]) => [JSON.stringify(schema), name]))

/** Names, in place of repeating them, what the contract has names for. */
export function shareSchemas (document: unknown, isTop = true): unknown {
  if (Array.isArray(document)) return document.map((part) => shareSchemas(part, false))
  if (typeof document !== 'object' || document === null) return document
  const name = isTop ? undefined : namesByText.get(JSON.stringify(document))
  if (name) return { $ref: `#/components/schemas/${name}` }
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, shareSchemas(value, false)]))
}

/** `components.schemas` of a document: each in terms of the others. */
export function componentSchemas (): Record<string, object> {
  return Object.fromEntries(Object.entries(namedSchemas).map(([name, schema]) => [name, shareSchemas(schema) as object]))
}
