import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { attempt } from '../../plugins/mail/attempt.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Ends with its signal, which nothing but the work itself holds. */
async function endless (signal: AbortSignal): Promise<never> {
  await once(signal, 'abort')
  throw signal.reason
}

t.test('an attempt ends when its time is up, whatever was collected meanwhile', { timeout: 10_000 }, async (t) => {
  const ending = t.rejects(attempt(new AbortController().signal, endless, 200), { message: 'it took longer than 0.2 s' })
  const collecting = setInterval(collectGarbage, 20)
  t.teardown(() => { clearInterval(collecting) })
  await ending
})

t.test('an attempt ends when letters do', async (t) => {
  const closing = new AbortController()
  const ending = t.rejects(attempt(closing.signal, endless), { message: 'the node stops' })
  closing.abort(new Error('the node stops'))
  await ending
  await t.rejects(attempt(closing.signal, async () => {}), { message: 'the node stops' })
})

t.test('an attempt that is over gives back what it got, and leaves no timer', async (t) => {
  const { signal } = new AbortController()
  const countTimers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = countTimers()
  t.equal(await attempt(signal, async () => 204), 204)
  t.equal(countTimers(), before)
})
