import { Ajv, type ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import fp from 'fastify-plugin'
import type { Static, TSchema } from 'typebox'
import { ContractError, invalidField, type ErrorDetail } from '../contract/index.ts'

/** Returns the value, normalised, or throws `request.invalid`. May change the value in place. */
export type Validate<T> = (value: unknown) => T

declare module 'fastify' {
  interface FastifyInstance {
    /** One compiler for REST and sockets, so that both refuse the same. */
    compileValidator: <T extends TSchema>(schema: T) => Validate<Static<T>>
  }
}

/** `normalize` and `wellFormed` of the contract's schemas, which JSON Schema does not know. */
function createAjv (coerceTypes: boolean): Ajv {
  const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes, removeAdditional: false, strictTypes: false })
  addFormats.default(ajv)
  // Theirs takes `urn:uuid:` too, which Postgres does not.
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
  ajv.addKeyword({
    keyword: 'normalize',
    type: 'string',
    modifying: true,
    before: 'maxLength',
    errors: false,
    compile: (how: 'trim' | 'lowerCase') => (text: string, context) => {
      if (context) context.parentData[context.parentDataProperty] = how === 'trim' ? text.trim() : text.toLowerCase()
      return true
    }
  })
  ajv.addKeyword({
    keyword: 'wellFormed',
    type: 'string',
    error: { message: 'must not contain NUL or half of a surrogate pair' },
    validate: (_: true, text: string) => !text.includes('\0') && text.isWellFormed()
  })
  return ajv
}

/** Coercing takes `Infinity` for an integer, and then looks at no limit of it. */
function requireFinite (value: unknown): void {
  for (const [name, part] of Object.entries(value ?? {})) {
    if (typeof part === 'number' && !Number.isFinite(part)) throw invalidField(`/${name}`, 'must be integer')
  }
}

/** What an answer names; a request can be wrong in more places than anybody wants to read. */
const mostDetails = 100
/** And in more than anybody wants to look through. */
const mostErrors = 1000

/** One for each field that is wrong. */
function toDetails (errors: ErrorObject[]): ErrorDetail[] {
  // What may also be null fails twice; that it is not null either says nothing.
  const telling = errors.slice(0, mostErrors).filter(({ keyword, params }) => keyword !== 'anyOf' && !(keyword === 'type' && params.type === 'null'))
  const byPath = new Map<string, ErrorDetail>()
  for (const detail of telling.map(toDetail)) if (!byPath.has(detail.path)) byPath.set(detail.path, detail)
  return [...byPath.values()].slice(0, mostDetails)
}

function toDetail (error: ErrorObject): ErrorDetail {
  const extra = error.keyword === 'additionalProperties' ? `/${String(error.params.additionalProperty).slice(0, 100)}` : ''
  const missing = error.keyword === 'required' ? `/${String(error.params.missingProperty)}` : ''
  return {
    path: error.instancePath + extra + missing,
    message: extra ? 'is not known here' : missing ? 'is missing' : error.message ?? 'is wrong'
  }
}

/** Ajv keeps what it has compiled, by schema: shared, so that all nodes of a process (tests have many) compile the contract once. */
const plain = createAjv(false)
const coercing = createAjv(true)

/** Validation by the contract's own schemas, for REST and for sockets. */
export const validationPlugin = fp(async (app) => {
  function compile<T> (ajv: Ajv, schema: TSchema): Validate<T> {
    const check = ajv.compile<T>(schema)
    return (value) => {
      if (check(value)) return value
      throw new ContractError('request.invalid', { details: toDetails(check.errors ?? []) })
    }
  }

  app.decorate('compileValidator', <T extends TSchema>(schema: T) => compile<Static<T>>(plain, schema))

  // A query and a path are text: `limit=10` means a number. A body is JSON and means what it says.
  const compiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
    const validate = compile(httpPart === 'body' ? plain : coercing, schema)
    return (value: unknown) => {
      try {
        const valid: unknown = validate(value)
        if (httpPart !== 'body') requireFinite(valid)
        return { value: valid }
      } catch (error) {
        return { error: error as ContractError }
      }
    }
  }
  app.setValidatorCompiler(compiler)
}, { name: 'validation' })
