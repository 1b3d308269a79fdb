import { pino } from 'pino'
import { serializeError } from '../../plugins/error-serializer.ts'
import { t } from '../suite.ts'

const secret = 'the-id-of-a-session'

/** An error as ioredis makes them. */
function refusal (message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), { command: { name: 'set', args: [`parley:session:${secret}`] } }, fields)
}

function logged (error: unknown): string {
  const lines: string[] = []
  pino({ serializers: { err: serializeError } }, { write: (line) => { lines.push(line) } }).error({ err: error }, 'it failed')
  return lines.join('')
}

t.test('no command of Redis is logged, wherever in an error it hangs', async (t) => {
  const aborted = refusal('EXECABORT', { previousErrors: [refusal('OOM')] })
  const errors = {
    'an error': refusal('OOM'),
    'a transaction': aborted,
    'a cause': new Error('login failed', { cause: aborted }),
    'one of several': new AggregateError([aborted, new Error('another', { cause: aborted })], 'all failed'),
    'a field': Object.assign(new Error('cluster'), { lastNodeError: aborted, results: [{ error: aborted }] }),
  }
  for (const [what, error] of Object.entries(errors)) t.notMatch(logged(error), secret, what)
})

t.test('what helps is kept: type, message and stack with their causes, and the code', async (t) => {
  const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'E1' })
  t.match(JSON.parse(logged(error)), { err: { type: 'TypeError', message: 'outer: inner', stack: /caused by: Error: inner/, code: 'E1' } })
})

t.test('anything can be thrown', async (t) => {
  const ring: Record<string, unknown> = { name: 'ring' }
  ring.self = ring
  for (const thrown of ['text', 5, null, undefined, ring, Object.assign(new Error('ring'), { ring })]) logged(thrown)
  t.match(logged('text'), '"err":"text"')
})
