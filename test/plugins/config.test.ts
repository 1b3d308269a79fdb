import { complaint } from '../helpers/complaint.ts'
import { t } from '../suite.ts'

t.test('a setting that cannot be worked with is named, with what it must be', async (t) => {
  const sentences: [Record<string, string>, string][] = [
    [{ SESSION_SECRET: '' }, 'Set SESSION_SECRET: it is missing. Signs the session cookie'],
    [{ SESSION_SECRET: 'short' }, 'Set SESSION_SECRET: it must have at least 32 characters.'],
    [{ LOG_LEVEL: 'loud' }, 'Set LOG_LEVEL: it must be one of fatal, error, warn, info, debug, trace, silent.'],
    [{ NODE_ENV: 'staging' }, 'Set NODE_ENV: it must be one of development, production, test.'],
    [{ LIMITS: 'none' }, 'Set LIMITS: it must be one of standard, relaxed.'],
    [{ PORT: 'http' }, 'Set PORT: it must be a whole number.'],
    [{ PORT: '70000' }, 'Set PORT: it must be 65535 or less.'],
    [{ DATABASE_CONNECTIONS: '1' }, 'Set DATABASE_CONNECTIONS: it must be 2 or more.'],
    [{ DRAIN_SECONDS: 'soon' }, 'Set DRAIN_SECONDS: it must be a number.'],
    [{ NODE_NAME: 'node 1' }, 'Set NODE_NAME: it must have 1 to 32 letters, digits, _ or -.'],
    [{ REDIS_PREFIX: 'Parley' }, 'Set REDIS_PREFIX: it must have 1 to 64 small letters, digits, _ or -.'],
    [{ DATABASE_URL: 'mysql://127.0.0.1/x' }, 'Set DATABASE_URL: it must begin with postgres:// or postgresql://.'],
    [{ REDIS_URL: 'http://127.0.0.1' }, 'Set REDIS_URL: it must begin with redis:// or rediss://.'],
    [{ PUBLIC_URL: 'localhost:3000' }, 'Set PUBLIC_URL: it must begin with http:// or https://.'],
    [{ PUBLIC_URL: 'https://' }, 'Set PUBLIC_URL: it is no well-formed URL'],
    [{ PUBLIC_URL: 'https://exa mple.com' }, 'Set PUBLIC_URL: it is no well-formed URL'],
    [{ TRUST_PROXY: 'loopback, nobody' }, 'Set TRUST_PROXY: it names something else than an address or a network (invalid IP address: nobody).'],
    [{ LIMITS: 'relaxed', NODE_ENV: 'production' }, 'LIMITS=relaxed is for tests'],
  ]
  for (const [settings, sentence] of sentences) t.ok(complaint(settings).includes(sentence), `${sentence} (${complaint(settings)})`)
  t.match(complaint({ LOG_LEVEL: 'loud', PORT: 'http' }), /LOG_LEVEL.*PORT|PORT.*LOG_LEVEL/, 'all of them at once')
})

t.test('a URL that is not well-formed is refused without showing it', async (t) => {
  for (const url of ['postgres://alice:100%geheim@127.0.0.1/x', 'postgres://alice:geheim@127.0.0.1:port/x', 'postgres://alice:ge/heim@127.0.0.1/x']) {
    t.match(complaint({ DATABASE_URL: url }), /^Parley cannot start\. Set DATABASE_URL: it is no well-formed URL\. In a user or a password write @/)
    t.notMatch(complaint({ DATABASE_URL: url }), 'heim')
  }
  t.match(complaint({ REDIS_URL: 'redis://:geheim%@127.0.0.1' }), /^Parley cannot start\. Set REDIS_URL: it is no well-formed URL/)
  for (const url of ['postgres://alice:a,b@one:5432,two:5433/parley', 'postgres://one:1,two:2/parley', 'postgres://alice:100%25@127.0.0.1/x?sslmode=require']) {
    t.equal(complaint({ DATABASE_URL: url }), '', url)
  }
})
