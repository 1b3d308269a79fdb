import { isLoopback } from '../loopback.ts'

/** As they were given; only the form of each is checked. */
export interface GivenSettings {
  NODE_ENV: string
  PUBLIC_URL?: string
  OIDC_ISSUER?: string
  OIDC_CLIENT_ID?: string
  OIDC_CLIENT_SECRET?: string
  OIDC_NAME?: string
  OIDC_SCOPES: string
}

/** The one identity provider that people can sign in with. */
export interface OidcSettings {
  issuer: string
  clientId: string
  clientSecret: string
  /** What people know it as. */
  name: string
  scopes: string
  /** Where it sends browsers back to. */
  redirectUri: string
}

export const oidcPath = '/api/auth/oidc'

const together = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const

/** What is wrong with these settings as a whole; nothing when they can be worked with, or when there are none. */
export function oidcComplaint (given: GivenSettings): string | undefined {
  const missing = together.filter((name) => given[name] === undefined)
  if (missing.length === together.length) {
    return given.OIDC_NAME === undefined ? undefined : `Set ${together.join(', ')}, or remove OIDC_NAME: it is the name of the identity provider.`
  }
  if (missing.length > 0) return `Set ${missing.join(' and ')}: ${together.join(', ')} go together, or remove them all.`
  if (given.PUBLIC_URL === undefined) {
    return `Set PUBLIC_URL: the identity provider sends people back to it, at ${oidcPath}/callback.`
  }
  return issuerComplaint(given.OIDC_ISSUER ?? '', given.NODE_ENV === 'production')
}

function issuerComplaint (issuer: string, isProduction: boolean): string | undefined {
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    return 'Set OIDC_ISSUER: it is no URL of an issuer, such as https://id.example.com.'
  }
  if (url.protocol === 'http:' && isProduction && !isLoopback(url)) {
    return 'Set OIDC_ISSUER: it must begin with https:// in production, unless the identity provider runs on this very machine.'
  }
}

/** The same, ready to be used; null when people sign in with passwords only. */
export function toOidcSettings (given: GivenSettings): OidcSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = given
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null
  return {
    issuer,
    clientId,
    clientSecret,
    name: given.OIDC_NAME ?? new URL(issuer).host,
    scopes: given.OIDC_SCOPES,
    redirectUri: new URL(`${oidcPath}/callback`, given.PUBLIC_URL).href
  }
}
