import { makeSample, type Known, type Schema } from './samples.ts'

/** A value with one thing wrong with it. */
export interface Spoiled {
  what: string
  /** Where it is wrong, as the details of `request.invalid` name it. */
  path: string
  value: unknown
}

type Bad = Spoiled

const deep = (levels: number): unknown => JSON.parse('{"deeper":'.repeat(levels) + '1' + '}'.repeat(levels))

/** Everything wrong that the schema itself suggests, in each of its fields. */
export function * spoil (schema: Schema, known: Known, path = '', name = ''): Generator<Bad> {
  if (schema.anyOf) {
    for (const bad of spoil(schema.anyOf[0] as Schema, known, path, name)) if (bad.value !== null) yield bad
    return
  }
  yield * spoilType(schema, known, path, name)
  if (schema.type === 'object') yield * spoilObject(schema, known, path)
  if (schema.type === 'array') yield * spoilArray(schema, known, path, name)
}

/** Something of another type, or of this type but not allowed. */
function * spoilType (schema: Schema, known: Known, path: string, name: string): Generator<Bad> {
  const bad = (what: string, value: unknown): Bad => ({ what, path, value })
  const sample = makeSample(schema, known, name)
  yield bad('null', null)
  if (schema.type !== 'boolean') yield bad('a boolean', true)
  yield bad('a list of it', [sample])
  if (schema.type !== 'object') yield bad('an object', {})
  if (schema.type !== 'array') yield bad('an empty list', [])
  if (schema.type !== 'integer') yield bad('a number', 7)
  if (schema.type !== 'string') yield bad('its text', JSON.stringify(sample))
  if (schema.type !== 'string' && !schema.enum) yield bad('an empty text', '')
  if (schema.enum) yield bad('none of the list', 'nonsense')
  if (schema.type === 'string') for (const [what, value] of badTexts(schema)) yield bad(what, value)
  if (schema.type === 'integer') for (const [what, value] of badNumbers(schema)) yield bad(what, value)
}

function badTexts ({ format, pattern, minLength = 0, maxLength }: Schema): Array<[string, string]> {
  const texts: Array<[string, string]> = [
    ['NUL', 'abcd\0efgh'],
    ['half a surrogate pair', 'abcd\ud83defgh'],
    ['the other half', '\ude00abcdefgh']
  ]
  if (maxLength !== undefined) texts.push(['too long', 'x'.repeat(maxLength + 1)])
  if (minLength > 0) texts.push(['empty', ''])
  if (minLength > 1) texts.push(['too short', 'x'.repeat(minLength - 1)])
  if (pattern) texts.push(['not of the pattern', 'ab cd€efgh'])
  if (format === 'uuid') {
    for (const id of ['', 'nonsense', '../../rooms', "' or 1=1 --", `urn:uuid:${'a'.repeat(8)}-aaaa-aaaa-aaaa-${'a'.repeat(12)}`, 'x'.repeat(10_000)]) {
      texts.push([`the id ${id.slice(0, 50)}`, id])
    }
  }
  return texts
}

function badNumbers ({ minimum = -Infinity, maximum = Infinity }: Schema): Array<[string, number]> {
  const numbers: Array<[string, number]> = [
    ['half a number', 1.5], ['too small', minimum - 1], ['far too small', -1e300], ['too large', maximum + 1], ['far too large', 1e300]
  ]
  return numbers.filter(([, number]) => Number.isFinite(number))
}

function * spoilObject (schema: Schema, known: Known, path: string): Generator<Bad> {
  const sample = () => makeSample(schema, known) as Record<string, unknown>
  const { properties = {}, required = [] } = schema
  for (const key of required) {
    const { [key]: _, ...rest } = sample()
    yield { what: `no ${key}`, path: `${path}/${key}`, value: rest }
  }
  for (const key of ['unknown', 'actorId', 'toString', '__proto__', 'constructor']) {
    yield { what: `a field ${key}`, path: `${path}/${key}`, value: { ...sample(), ...own(key, { admin: true }) } }
  }
  yield { what: 'a deep field', path: `${path}/unknown`, value: { ...sample(), unknown: deep(2000) } }
  for (const [key, part] of Object.entries(properties)) {
    for (const bad of spoil(part, known, `${path}/${key}`, key)) yield { ...bad, value: { ...sample(), [key]: bad.value } }
    yield { what: 'something deep', path: `${path}/${key}`, value: { ...sample(), [key]: deep(2000) } }
  }
}

function * spoilArray ({ items = {}, maxItems }: Schema, known: Known, path: string, name: string): Generator<Bad> {
  const itemName = name.replace(/s$/, '')
  if (maxItems !== undefined) {
    yield { what: 'too many', path, value: Array.from({ length: maxItems + 1 }, () => makeSample(items, known, itemName)) }
  }
  for (const bad of spoil(items, known, `${path}/0`, itemName)) yield { ...bad, value: [bad.value] }
}

/** An own field of any name; a literal `__proto__` would be the prototype. */
function own (key: string, value: unknown): object {
  return JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`) as object
}

/** What is wrong where all is text: in a path or a query. */
export function badTextsFor (schema: Schema): string[] {
  if (schema.type === 'integer') {
    const { minimum = 0, maximum = 0 } = schema
    return ['x', '', '1.5', 'NaN', 'Infinity', '-Infinity', '1e999', 'null', 'true', '[1]', `${minimum - 1}`, `${BigInt(maximum) + 2n}`, '9'.repeat(60)]
  }
  if (schema.enum) return ['', 'nonsense', 'null']
  return badTexts(schema).map(([, text]) => text).filter((text) => text.isWellFormed())
}
