import { Redis } from 'ioredis'
import { ContractError } from '../../contract/index.ts'
import { createLoginAttempts, type LoginAttempts } from '../../plugins/login-attempts/attempts.ts'
import { createStores, type Ending } from '../helpers/stores.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'

const home = '203.0.113.7'
const office = '203.0.113.8'

/** As many nodes, with windows that no test outlives. */
async function startGuards (t: Ending, count: number, { perAddress = 1000, perNetwork = 1000, anywhere = 1000, windowMs = 60_000 } = {}): Promise<LoginAttempts[]> {
  const { redisUrl, redisPrefix } = await createStores(t)
  return Array.from({ length: count }, () => {
    const commands = new Redis(redisUrl)
    t.teardown(() => { commands.disconnect() })
    return createLoginAttempts({
      redis: { commands, name: (...parts) => [redisPrefix, ...parts].join(':') },
      perAccount: { most: 5, windowMs },
      perAddress: { most: perAddress, windowMs },
      perNetwork: { most: perNetwork, windowMs },
      perAccountAnywhere: { most: anywhere, windowMs },
      mostWaiting: 20,
      onKept: (error) => { throw error }
    })
  })
}

interface Tried {
  evaluated: number
  refusals: ContractError[]
}

/** So many wrong passwords at once, by turns on each node. */
async function tryWrong (guards: LoginAttempts[], count: number, attempt = (_index: number) => ({ username: 'alice', address: home })): Promise<Tried> {
  const tried: Tried = { evaluated: 0, refusals: [] }
  await Promise.all(Array.from({ length: count }, async (_, index) => {
    try {
      await guards[index % guards.length]?.guard(attempt(index), async () => {
        tried.evaluated++
        await new Promise(setImmediate)
        return null
      })
    } catch (error) {
      if (!(error instanceof ContractError)) throw error
      tried.refusals.push(error)
    }
  }))
  return tried
}

const right = async (): Promise<string> => 'verified'

t.test('of ten thousand wrong passwords at once on three nodes, five are looked at', async (t) => {
  const guards = await startGuards(t, 3)
  const { evaluated, refusals } = await tryWrong(guards, 10_000)
  t.equal(evaluated, 5)
  t.equal(refusals.length, 9_995)
  t.ok(refusals.every(({ code, retryAfterMs = 0 }) => code === 'rate.limited' && retryAfterMs > 0 && retryAfterMs <= 60_000))
})

t.test('blocked is blocked, also for the right password', async (t) => {
  const [one, two] = await startGuards(t, 2) as [LoginAttempts, LoginAttempts]
  await tryWrong([one, two], 5)
  for (const guard of [one, two]) {
    await t.rejects(guard.guard({ username: 'alice', address: home }, right), { code: 'rate.limited' })
    t.equal(await guard.guard({ username: 'bob', address: home }, right), 'verified', 'bob at her home')
    t.equal(await guard.guard({ username: 'alice', address: office }, right), 'verified', 'alice in her office')
  }
})

t.test('when the window is over she is let in again', async (t) => {
  const [guard] = await startGuards(t, 1, { windowMs: 1000 }) as [LoginAttempts]
  await until('she is blocked', async () => (await tryWrong([guard], 1)).refusals.length > 0)
  await until('she is let in', () => guard.guard({ username: 'alice', address: home }, right).then(() => true, () => false))
  t.equal((await tryWrong([guard], 1)).evaluated, 1)
})

t.test('the case of a name makes it no other account, and a long one no long key', async (t) => {
  const [guard] = await startGuards(t, 1) as [LoginAttempts]
  const names = ['alice', 'Alice', 'ALICE', 'aLICE', 'alIce', 'alicE']
  t.equal((await tryWrong([guard], 6, (index) => ({ username: names[index] ?? '', address: home }))).evaluated, 5)
  const long = 'x'.repeat(100_000)
  t.equal((await tryWrong([guard], 6, () => ({ username: long, address: home }))).evaluated, 5)
})

t.test('ten devices that sign in at once are let in, again and again', async (t) => {
  const guards = await startGuards(t, 3)
  const logins = Array.from({ length: 60 }, async (_, index) => await guards[index % 3]?.guard({ username: 'alice', address: home }, right))
  t.same(await Promise.all(logins), logins.map(() => 'verified'))
  t.equal((await tryWrong(guards, 10)).evaluated, 5, 'and none of them was counted')
})

t.test('what could not be verified was not wrong; what says so itself was', async (t) => {
  const [guard] = await startGuards(t, 1) as [LoginAttempts]
  const attempt = { username: 'alice', address: home }
  const fail = (error: Error) => t.rejects(guard.guard(attempt, () => Promise.reject(error)), error)
  for (let count = 0; count < 20; count++) await fail(new ContractError('server.unavailable'))
  for (let count = 0; count < 5; count++) await fail(new ContractError('session.invalid_credentials'))
  await t.rejects(guard.guard(attempt, right), { code: 'rate.limited' })
})

t.test('an address has a budget for all accounts; who tries on a blocked account does not use it up', async (t) => {
  const [one, two] = await startGuards(t, 2, { perAddress: 40 }) as [LoginAttempts, LoginAttempts]
  t.equal((await tryWrong([one, two], 500)).evaluated, 5)
  t.equal(await one.guard({ username: 'bob', address: home }, right), 'verified')
  const { evaluated } = await tryWrong([one, two], 500, (index) => ({ username: `person-${index}`, address: home }))
  t.equal(evaluated, 35)
  await t.rejects(two.guard({ username: 'bob', address: home }, right), { code: 'rate.limited' })
  t.equal(await two.guard({ username: 'bob', address: office }, right), 'verified')
})

t.test('what there was no room to verify is paid for by the address, and not by the account', async (t) => {
  const [guard] = await startGuards(t, 1, { perAddress: 8, anywhere: 1 }) as [LoginAttempts]
  for (let count = 0; count < 8; count++) {
    await t.rejects(guard.guard({ username: 'alice', address: home }, () => Promise.reject(new ContractError('server.unavailable'))), { code: 'server.unavailable' })
  }
  await t.rejects(guard.guard({ username: 'bob', address: home }, right), { code: 'rate.limited' })
  t.equal(await guard.guard({ username: 'alice', address: office }, right), 'verified')
})

t.test('a site of IPv6 has a budget for all its networks', async (t) => {
  const [guard] = await startGuards(t, 1, { perNetwork: 12 }) as [LoginAttempts]
  const { evaluated } = await tryWrong([guard], 20, (index) => ({ username: `person-${index}`, address: `2001:db8:1:${index}::` }))
  t.equal(evaluated, 12)
  await t.rejects(guard.guard({ username: 'bob', address: '2001:db8:1:ffff::' }, right), { code: 'rate.limited' })
  t.equal(await guard.guard({ username: 'bob', address: '2001:db8:2::' }, right), 'verified', 'the next site')
  t.equal(await guard.guard({ username: 'bob', address: home }, right), 'verified')
})

t.test('many addresses together do not try more than some passwords of alice, and do not lock her out at home', async (t) => {
  const [one, two] = await startGuards(t, 2, { anywhere: 12 }) as [LoginAttempts, LoginAttempts]
  await one.remember({ username: 'Alice', address: home })

  const { evaluated, refusals } = await tryWrong([one, two], 40, (index) => ({ username: 'alice', address: `198.51.100.${index}` }))

  t.equal(evaluated, 12)
  t.ok(refusals.every(({ code }) => code === 'rate.limited'))
  await t.rejects(two.guard({ username: 'alice', address: office }, right), { code: 'rate.limited' })
  t.equal(await two.guard({ username: 'alice', address: home }, right), 'verified', 'where she has signed in before')
  t.equal((await tryWrong([two], 10)).evaluated, 5, 'also there not without end')
  t.equal(await two.guard({ username: 'bob', address: office }, right), 'verified')
})

t.test('on one account from one address a few wait, the others are told to come again', async (t) => {
  const [guard] = await startGuards(t, 1) as [LoginAttempts]
  let letGo = () => {}
  const end = new Promise<string>((resolve) => { letGo = () => { resolve('verified') } })
  const attempts = Array.from({ length: 21 }, () => guard.guard({ username: 'alice', address: home }, () => end))
  await t.rejects(guard.guard({ username: 'alice', address: home }, right), { code: 'rate.limited', retryAfterMs: 1000 })
  t.equal(await guard.guard({ username: 'bob', address: home }, right), 'verified')
  letGo()
  t.same(await Promise.all(attempts), attempts.map(() => 'verified'))
})

t.test('while Redis is away nothing is evaluated, and nobody is told that there were too many', async (t) => {
  const commands = new Redis({ port: 1, lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => null })
  commands.on('error', () => {})
  const rate = { most: 5, windowMs: 1000 }
  const { guard } = createLoginAttempts({ redis: { commands, name: (...parts) => parts.join(':') }, perAccount: rate, perAddress: rate, perNetwork: rate, perAccountAnywhere: rate, mostWaiting: 20, onKept: () => {} })
  let evaluated = 0
  const attempt = guard({ username: 'alice', address: home }, async () => { evaluated++ })
  const error: unknown = await attempt.catch((reason: unknown) => reason)
  t.ok(error instanceof Error && !(error instanceof ContractError))
  t.equal(evaluated, 0)
})
