import * as client from 'openid-client'
import type { ProvenIdentity } from '../../domain/identities.ts'
import type { Flow } from './flow.ts'
import type { OidcSettings } from './settings.ts'

const timeoutSeconds = 5
const longestSubject = 255
const endpoints = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const

/** The way that the provider says it knows; `client_secret_basic` is what it means by saying nothing. */
function authenticate (secret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)]
  return (server, ...rest) => {
    const isBasic = server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true
    return (isBasic ? basic : post)(server, ...rest)
  }
}

/**
 * Finds out where the provider's endpoints are: when it is first needed, so that a node starts without the provider, and
 * again after a failure. Keys are fetched, and fetched anew when they are rotated, by the library.
 */
export function createDiscovery ({ issuer, clientId, clientSecret }: OidcSettings): () => Promise<client.Configuration> {
  const url = new URL(issuer)
  // Else an ID token counts because of the TLS that it came over; then a signature would be decoration.
  const execute = [client.enableNonRepudiationChecks]
  if (url.protocol === 'http:') execute.push(client.allowInsecureRequests)
  let found: Promise<client.Configuration> | undefined

  async function discover (): Promise<client.Configuration> {
    const provider = await client.discovery(url, clientId, undefined, authenticate(clientSecret), { execute, timeout: timeoutSeconds })
    const metadata = provider.serverMetadata()
    const missing = endpoints.filter((name) => metadata[name] === undefined)
    if (missing.length > 0) throw new client.ClientError(`the provider names no ${missing.join(', ')}`)
    return provider
  }

  return async () => {
    found ??= discover()
    try {
      return await found
    } catch (error) {
      found = undefined
      throw error
    }
  }
}

export type Beginning = Pick<Flow, 'state' | 'nonce' | 'verifier'> & { url: string }

/** Where to send the browser, and what to remember meanwhile. */
export async function begin (provider: client.Configuration, { redirectUri, scopes }: OidcSettings): Promise<Beginning> {
  const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
  const url = client.buildAuthorizationUrl(provider, {
    redirect_uri: redirectUri,
    scope: scopes,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256'
  })
  return { url: url.href, state, nonce, verifier }
}

/** Who the browser is that came back with this query. @throws what openid-client throws, whatever is not as it must be. */
export async function finish (provider: client.Configuration, callbackUrl: URL, { state, nonce, verifier }: Flow): Promise<ProvenIdentity> {
  const tokens = await client.authorizationCodeGrant(provider, callbackUrl, {
    expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true
  })
  const claims = tokens.claims()
  if (!claims || !isSubject(claims.sub)) throw new client.ClientError('the subject is none')
  const profile: Partial<client.UserInfoResponse> = provider.serverMetadata().userinfo_endpoint === undefined
    ? {}
    : await client.fetchUserInfo(provider, tokens.access_token, claims.sub)
  // An address and whether it is verified go together: never one from here and one from there.
  const mail = profile.email === undefined ? claims : profile
  return {
    issuer: claims.iss,
    subject: claims.sub,
    claims: {
      preferredUsername: toText(profile.preferred_username ?? claims.preferred_username),
      name: toText(profile.name ?? claims.name),
      email: toText(mail.email),
      isEmailVerified: mail.email_verified === true
    }
  }
}

function isSubject (subject: string): boolean {
  return subject !== '' && subject.length <= longestSubject && !subject.includes('\0') && subject.isWellFormed()
}

function toText (claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined
}
