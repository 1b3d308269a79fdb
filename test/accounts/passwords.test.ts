import { createPasswords } from '../../domain/passwords.ts'
import { t } from '../suite.ts'

const here = 'here'

t.test('a password matches its own hash and no other', async (t) => {
  const passwords = createPasswords({ relaxed: true })
  const hash = await passwords.hash('correct horse', here)

  t.same(await passwords.verify('correct horse', hash, here), { matches: true })
  t.same(await passwords.verify('correct horsE', hash, here), { matches: false })
  t.same(await passwords.verify('correct horse', null, here), { matches: false })
  t.not(await passwords.hash('correct horse', here), hash, 'the salt is another each time')
})

t.test('any text is a password, byte by byte', async (t) => {
  const passwords = createPasswords({ relaxed: true })
  for (const password of ['  spaces stay  ', 'pässwörd🔑🔑', 'é'.normalize('NFD').repeat(8)]) {
    const hash = await passwords.hash(password, here)
    t.match(await passwords.verify(password, hash, here), { matches: true })
  }
})

t.test('a hash of another cost is verified, and made anew once the password has matched', async (t) => {
  const cheap = await createPasswords({ relaxed: true }).hash('correct horse', here)
  const passwords = createPasswords({ relaxed: false })

  t.same(await passwords.verify('another horse', cheap, here), { matches: false })
  const { matches, renewed } = await passwords.verify('correct horse', cheap, here)
  t.ok(matches)
  t.match(renewed, /^\$scrypt\$ln=15,r=8,p=3\$/)
  t.same(await passwords.verify('correct horse', renewed ?? null, here), { matches: true })
})

t.test('an account that is not there costs as much as one that is, cheap old hashes too', async (t) => {
  const cheap = await createPasswords({ relaxed: true }).hash('correct horse', here)
  const passwords = createPasswords({ relaxed: false })
  const standard = await passwords.hash('correct horse', here)

  const costs = new Map<string | null, number[]>([[null, []], [standard, []], [cheap, []]])
  for (let round = 0; round < 3; round++) {
    for (const [encoded, costsOfIt] of costs) {
      const before = process.cpuUsage()
      await passwords.verify('another horse', encoded, here)
      const { user, system } = process.cpuUsage(before)
      costsOfIt.push(user + system)
    }
  }
  const [nobody = 0, somebody = 0, old = 0] = [...costs.values()].map((all) => Math.min(...all))
  t.ok(somebody / nobody > 0.6 && somebody / nobody < 1.6, `${somebody} µs for somebody, ${nobody} µs for nobody`)
  t.ok(old / nobody > 0.6 && old / nobody < 1.6, `${old} µs for an old hash, ${nobody} µs for nobody`)
})

t.test('a hash that cannot be read is an error, not a mismatch', async (t) => {
  const { verify } = createPasswords({ relaxed: true })
  await t.rejects(verify('correct horse', 'correct horse', here), /cannot be read/)
})
