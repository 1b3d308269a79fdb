import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { TSchema } from 'typebox'
import { ErrorAnswer, errorKinds, type ErrorCode } from '../../contract/index.ts'

/** What is wrong with a value, in words; undefined when it is as the contract says. */
export type Check = (value: unknown) => string | undefined

const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)

/** Checks also that there is nothing beside what the schema names: what is not promised must not leak. */
export function compileCheck (schema: TSchema): Check {
  const validate = ajv.compile(closed(schema) as object)
  return (value) => validate(value) ? undefined : `${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`
}

/** The same schema, in which no object has fields that are not named. */
function closed (schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, closed(part)]))
  return copy.type === 'object' ? { additionalProperties: false, ...copy } : copy
}

const checkErrorAnswer = compileCheck(ErrorAnswer)

/** Whether a failure has the one shape, with a code of the list that says of itself what the list says. */
export function checkFailure (failure: unknown, status?: number): string | undefined {
  const complaint = checkErrorAnswer(failure)
  if (complaint) return complaint
  const { error } = failure as ErrorAnswer
  const kind = Object.hasOwn(errorKinds, error.code) ? errorKinds[error.code as ErrorCode] : undefined
  if (!kind) return `${error.code} is not in the list`
  if (kind.retryable !== error.retryable) return `${error.code} says retryable: ${error.retryable}`
  if (status !== undefined && kind.status !== status) return `${error.code} came with ${status}`
  return /\b(postgres|redis|sql|select|insert|syntax|undefined|dist\/|\.ts|\.js)\b/i.test(error.message) ? `internals leak: ${error.message}` : undefined
}
