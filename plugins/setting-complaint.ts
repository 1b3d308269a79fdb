import proxyAddr from '@fastify/proxy-addr'

/** What Ajv says about one setting. */
export interface SettingError {
  instancePath: string
  keyword: string
  params: Record<string, unknown>
}

const urlAdvice = 'In a user or a password write @ : / ? # and % as %40 %3A %2F %3F %23 and %25.'

const patterns: Record<string, string> = {
  NODE_NAME: 'must have 1 to 32 letters, digits, _ or -',
  REDIS_PREFIX: 'must have 1 to 64 small letters, digits, _ or -',
  DATABASE_URL: 'must begin with postgres:// or postgresql://',
  REDIS_URL: 'must begin with redis:// or rediss://',
  OIDC_NAME: 'must have at most 64 characters',
  OIDC_SCOPES: 'must name scopes, with one space in between, openid among them',
  PUBLIC_URL: 'must begin with http:// or https://',
  MAIL_URL: 'must begin with smtp:// or smtps://',
  MAIL_FROM: 'must be one address, such as parley@example.com or Parley <parley@example.com>',
  MAIL_WEBHOOK_URL: 'must begin with http:// or https://',
  FILES_S3_ENDPOINT: 'must begin with http:// or https://'
}

/** What is wrong with a setting, in words for whoever sets it. The value is not shown: it may be secret. */
export function settingComplaint ({ instancePath, keyword, params }: SettingError, descriptions: Record<string, { description?: string }>): string {
  const name = keyword === 'required' ? String(params.missingProperty) : instancePath.slice(1)
  return `Set ${name}: it ${wordsFor(name, keyword, params)}. ${descriptions[name]?.description ?? ''}`.trim()
}

function wordsFor (name: string, keyword: string, params: Record<string, unknown>): string {
  const limit = String(params.limit)
  switch (keyword) {
    case 'required': return 'is missing'
    case 'enum': return `must be one of ${(params.allowedValues as string[]).join(', ')}`
    case 'minLength': return `must have at least ${limit} characters`
    case 'minimum': return `must be ${limit} or more`
    case 'maximum': return `must be ${limit} or less`
    case 'type': return params.type === 'integer' ? 'must be a whole number' : 'must be a number'
    default: return patterns[name] ?? 'is wrong'
  }
}

/** What is wrong with the URL of a store; nothing when it can be read. */
export function urlComplaint (name: string, url: string): string | undefined {
  // Postgres may have several hosts, which no other kind of URL has.
  const single = url.replace(/^(\w+:\/\/(?:[^@]*@)?[^@,/?]*),[^@/?]*(?=[/?]|$)/, '$1')
  try {
    const { username, password, pathname } = new URL(single)
    for (const part of [username, password, pathname]) decodeURIComponent(part)
  } catch {
    return `Set ${name}: it is no well-formed URL. ${urlAdvice}`
  }
}

/** What is wrong with PUBLIC_URL; nothing when it can be read. */
export function publicUrlComplaint (url: string | undefined): string | undefined {
  if (url !== undefined && !URL.canParse(url)) return 'Set PUBLIC_URL: it is no well-formed URL, such as https://chat.example.com.'
}

/** What is wrong with ORIGINS; nothing when each of them is one. */
export function originsComplaint (origins: string[]): string | undefined {
  const wrong = origins.find((url) => !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
  if (wrong !== undefined) return `Set ORIGINS: it names ${wrong}, which has no origin; write it like https://app.example.com.`
}

/** What is wrong with TRUST_PROXY; nothing when it can be read. */
export function proxiesComplaint (proxies: string[]): string | undefined {
  try {
    proxyAddr.compile(proxies)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `Set TRUST_PROXY: it names something else than an address or a network (${reason}). Write it like 10.0.0.0/8, or loopback.`
  }
}
