import { Ajv } from 'ajv'
import fp from 'fastify-plugin'
import { Type, type Static } from 'typebox'
import { filesComplaint } from './files/settings.ts'
import { mailComplaint } from './mail/settings-complaint.ts'
import { oidcComplaint, toOidcSettings, type OidcSettings } from './oidc/settings.ts'
import { originsComplaint, proxiesComplaint, publicUrlComplaint, settingComplaint, urlComplaint } from './setting-complaint.ts'

/** Every setting of a node, as environment variables. The example file and the operating guide are generated from this. */
export const settings = Type.Object({
  NODE_ENV: Type.Enum(['development', 'production', 'test'], { default: 'development', description: 'production refuses unsafe settings and marks the cookie Secure.' }),
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on.' }),
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 3000, description: 'Port to listen on.' }),
  NODE_NAME: Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$', default: 'n1', description: 'Name of this node, different on each; the balancer reads it in the sid.' }),
  DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://', description: 'Postgres, such as postgres://user:password@host:5432/parley.' }),
  DATABASE_CONNECTIONS: Type.Integer({ minimum: 2, maximum: 1000, default: 10, description: 'Most connections of one node to Postgres.' }),
  REDIS_URL: Type.String({ pattern: '^rediss?://', description: 'Redis 7 or later, such as redis://host:6379.' }),
  REDIS_PREFIX: Type.String({ pattern: '^[a-z0-9_-]{1,64}$', default: 'parley', description: 'Begins every key and channel, so that several deployments can share a Redis.' }),
  SESSION_SECRET: Type.String({ minLength: 32, description: 'Signs the session cookie: at least 32 random characters (openssl rand -hex 32). Several, separated by commas: the first signs, all are accepted.' }),
  SESSION_IDLE_SECONDS: Type.Integer({ minimum: 1, default: 7 * 86400, description: 'A session that nobody uses ends after this time.' }),
  SESSION_MAX_SECONDS: Type.Integer({ minimum: 1, default: 30 * 86400, description: 'Every session ends after this time.' }),
  PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://', description: 'Where browsers reach Parley; its origin is allowed.' })),
  ORIGINS: Type.String({ default: '', description: 'Other origins whose pages may call, separated by commas.' }),
  OIDC_ISSUER: Type.Optional(Type.String({ description: 'An identity provider (OpenID Connect) to sign in with, such as https://id.example.com. Needs OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and PUBLIC_URL.' })),
  OIDC_CLIENT_ID: Type.Optional(Type.String({ description: 'What the identity provider knows this server as. Register <PUBLIC_URL>/api/auth/oidc/callback there.' })),
  OIDC_CLIENT_SECRET: Type.Optional(Type.String({ description: 'The secret that goes with it.' })),
  OIDC_NAME: Type.Optional(Type.String({ maxLength: 64, description: 'What people read on the button; the host of OIDC_ISSUER when left out.' })),
  OIDC_SCOPES: Type.String({ default: 'openid profile email', pattern: '^(\\S+ )*openid( \\S+)*$', description: 'What the identity provider is asked for, separated by spaces.' }),
  TRUST_PROXY: Type.String({ default: '', description: 'Proxies whose X-Forwarded-* headers are believed: addresses or networks separated by commas, or loopback.' }),
  MAIL_URL: Type.Optional(Type.String({ pattern: '^smtps?://', description: 'The SMTP server for links that verify an email or recover an account, such as smtp://user:password@host:587. It needs MAIL_FROM and PUBLIC_URL.' })),
  MAIL_FROM: Type.Optional(Type.String({ pattern: '^([^<>@\\r\\n]+ <[^\\s<>@,;]+@[^\\s<>@,;]+>|[^\\s<>@,;]+@[^\\s<>@,;]+)$', description: 'Who mail comes from, such as Parley <parley@example.com>.' })),
  MAIL_WEBHOOK_URL: Type.Optional(Type.String({ pattern: '^https?://', description: 'In place of MAIL_URL: where the same letters are posted as JSON, to be sent by a server of yours. It needs MAIL_WEBHOOK_SECRET and PUBLIC_URL.' })),
  MAIL_WEBHOOK_SECRET: Type.Optional(Type.String({ minLength: 32, description: 'Signs what is posted there: at least 32 random characters (openssl rand -hex 32), or whsec_ and base64.' })),
  FILES_DIR: Type.Optional(Type.String({ description: 'Folder for uploaded files, the same for all nodes. Without it and without a bucket nothing can be uploaded.' })),
  FILES_S3_ENDPOINT: Type.Optional(Type.String({ pattern: '^https?://', description: 'In place of FILES_DIR, also where that is set: a store that speaks like S3, such as https://s3.example.com; of Amazon when left out. It needs FILES_S3_BUCKET, FILES_S3_ACCESS_KEY_ID and FILES_S3_SECRET_ACCESS_KEY.' })),
  FILES_S3_BUCKET: Type.Optional(Type.String({ minLength: 1, description: 'The bucket, which must be there.' })),
  FILES_S3_REGION: Type.String({ minLength: 1, default: 'us-east-1', description: 'Its region.' }),
  FILES_S3_ACCESS_KEY_ID: Type.Optional(Type.String({ minLength: 1, description: 'A key that may put, get and delete there.' })),
  FILES_S3_SECRET_ACCESS_KEY: Type.Optional(Type.String({ minLength: 1, description: 'The secret that goes with it.' })),
  ATTACHMENT_BYTES: Type.Integer({ minimum: 1024, maximum: 1024 ** 3, default: 10 * 1024 ** 2, description: 'Largest file that can be uploaded.' }),
  PRESENCE_VISIBILITY: Type.Enum(['shared', 'everyone'], { default: 'shared', description: 'Who sees when somebody is online: people who share a room, or everyone.' }),
  LIMITS: Type.Enum(['standard', 'relaxed'], { default: 'standard', description: 'relaxed is for tests and load: rates and connections times 1,000 and the cheapest password hash.' }),
  USER_CONNECTIONS: Type.Integer({ minimum: 1, default: 100, description: 'Most sockets of one user on one node.' }),
  ADDRESS_CONNECTIONS: Type.Integer({ minimum: 1, default: 1000, description: 'Most sockets from one address (of IPv6: one /64 network) on one node.' }),
  DRAIN_SECONDS: Type.Number({ minimum: 0, maximum: 600, default: 3, description: 'Over how long a node that stops sends its clients elsewhere.' }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info', description: 'How much is logged.' })
})

export interface Config extends Omit<Static<typeof settings>, 'SESSION_SECRET' | 'ORIGINS'> {
  SESSION_SECRETS: string[]
  /** Origins beside the one a request came to. */
  ORIGINS: string[]
  /** All that begins with OIDC_; null where people sign in with passwords only. */
  OIDC: OidcSettings | null
}

declare module 'fastify' {
  interface FastifyInstance {
    config: Config
  }
}

/** Settings that cannot be worked with. The message says which, and what to do. */
export class ConfigError extends Error {}

const descriptions = settings.properties as Record<string, { description?: string }>

const ajv = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, removeAdditional: 'all' })

function list (value: string): string[] {
  return value.split(',').map((part) => part.trim()).filter((part) => part !== '')
}

/**
 * Reads the settings of a node.
 *
 * @throws ConfigError naming each setting that is missing or wrong.
 */
export function readConfig (environment: Record<string, unknown>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const validate = ajv.compile<Static<typeof settings>>({ ...settings, additionalProperties: false })
  if (!validate(given)) {
    const complaints = (validate.errors ?? []).map((error) => settingComplaint(error, descriptions))
    throw new ConfigError(`Parley cannot start. ${complaints.join(' ')}`)
  }
  const malformed = urlComplaint('DATABASE_URL', given.DATABASE_URL) ?? urlComplaint('REDIS_URL', given.REDIS_URL) ??
    publicUrlComplaint(given.PUBLIC_URL) ?? originsComplaint(list(given.ORIGINS)) ?? proxiesComplaint(list(given.TRUST_PROXY)) ?? mailComplaint(given) ?? filesComplaint(given) ?? oidcComplaint(given)
  if (malformed) throw new ConfigError(`Parley cannot start. ${malformed}`)
  const { SESSION_SECRET, ORIGINS, ...rest } = given
  if (rest.NODE_ENV === 'production' && rest.LIMITS === 'relaxed') {
    throw new ConfigError('Parley cannot start. LIMITS=relaxed is for tests and is refused in production: remove it.')
  }
  const secrets = list(SESSION_SECRET)
  if (secrets.length === 0 || secrets.some((secret) => secret.length < 32)) {
    throw new ConfigError('Parley cannot start. SESSION_SECRET needs at least 32 characters in each part; make one with: openssl rand -hex 32')
  }
  return { ...rest, SESSION_SECRETS: secrets, ORIGINS: list(ORIGINS), OIDC: toOidcSettings(given) }
}

/** The settings, for every other plugin. */
export const configPlugin = fp<{ config: Config }>(async (app, { config }) => {
  app.decorate('config', config)
  app.log.info({ mail: mailWay(config), signIn: ['password', ...(config.OIDC ? [config.OIDC.name] : [])] }, 'starting')
}, { name: 'config' })

function mailWay ({ MAIL_URL, MAIL_WEBHOOK_URL }: Config): 'smtp' | 'webhook' | 'none' {
  if (MAIL_URL !== undefined) return 'smtp'
  return MAIL_WEBHOOK_URL === undefined ? 'none' : 'webhook'
}
