import { ConfigError, readConfig, type Config } from '../../plugins/config.ts'
import { testEnvironment } from '../helpers/node.ts'
import { t } from '../suite.ts'

const nowhere = { databaseUrl: 'postgres://127.0.0.1/none', redisUrl: 'redis://127.0.0.1', redisPrefix: 'none' }
const whole = {
  OIDC_ISSUER: 'https://id.example.com/realms/main', OIDC_CLIENT_ID: 'parley', OIDC_CLIENT_SECRET: 'geheim', PUBLIC_URL: 'https://parley.example/'
}

function read (settings: Record<string, string>): Config['OIDC'] | string {
  try {
    return readConfig(testEnvironment(nowhere, { ...whole, ...settings })).OIDC
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

t.test('a provider that is set up as a whole is known by the name of its host, or its own', async (t) => {
  t.same(read({}), {
    issuer: 'https://id.example.com/realms/main',
    clientId: 'parley',
    clientSecret: 'geheim',
    name: 'id.example.com',
    scopes: 'openid profile email',
    redirectUri: 'https://parley.example/api/auth/oidc/callback'
  })
  t.match(read({ OIDC_NAME: 'Example ID', OIDC_SCOPES: 'email openid' }), { name: 'Example ID', scopes: 'email openid' })
  t.match(read({ OIDC_ISSUER: '', OIDC_CLIENT_ID: '', OIDC_CLIENT_SECRET: '', OIDC_NAME: 'Example ID' }), /^Parley cannot start\. Set OIDC_ISSUER.* or remove OIDC_NAME: /)
  t.equal(read({ OIDC_ISSUER: '', OIDC_CLIENT_ID: '', OIDC_CLIENT_SECRET: '' }), null)
})

t.test('settings that do not make a provider are refused in a sentence, without showing the secret', async (t) => {
  const sentences: Array<[Record<string, string>, string]> = [
    [{ OIDC_CLIENT_SECRET: '' }, 'Set OIDC_CLIENT_SECRET: OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET go together'],
    [{ OIDC_ISSUER: '', OIDC_CLIENT_ID: '' }, 'Set OIDC_ISSUER and OIDC_CLIENT_ID: '],
    [{ PUBLIC_URL: '' }, 'Set PUBLIC_URL: the identity provider sends people back to it, at /api/auth/oidc/callback.'],
    [{ OIDC_ISSUER: 'id.example.com' }, 'Set OIDC_ISSUER: it is no URL of an issuer'],
    [{ OIDC_ISSUER: 'ftp://id.example.com' }, 'Set OIDC_ISSUER: it is no URL of an issuer'],
    [{ OIDC_ISSUER: 'https://alice:x@id.example.com' }, 'Set OIDC_ISSUER: it is no URL of an issuer'],
    [{ OIDC_ISSUER: 'https://id.example.com?x' }, 'Set OIDC_ISSUER: it is no URL of an issuer'],
    [{ OIDC_ISSUER: 'http://id.example.com', NODE_ENV: 'production', LIMITS: 'standard' }, 'Set OIDC_ISSUER: it must begin with https:// in production'],
    [{ OIDC_ISSUER: 'http://127.0.0.1.example.com', NODE_ENV: 'production', LIMITS: 'standard' }, 'Set OIDC_ISSUER: it must begin with https:// in production'],
    [{ OIDC_SCOPES: 'profile email' }, 'Set OIDC_SCOPES: it must name scopes'],
    [{ OIDC_NAME: 'x'.repeat(65) }, 'Set OIDC_NAME: it must have at most 64 characters']
  ]
  for (const [settings, sentence] of sentences) {
    const complaint = read(settings)
    t.ok(typeof complaint === 'string' && complaint.startsWith(`Parley cannot start. ${sentence}`), `${sentence} (${JSON.stringify(complaint)})`)
    t.notMatch(complaint, 'geheim')
  }
  for (const issuer of ['http://localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080']) {
    t.match(read({ OIDC_ISSUER: issuer, NODE_ENV: 'production', LIMITS: 'standard' }), { issuer }, issuer)
  }
})
