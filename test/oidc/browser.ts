import { Api, CookieJar, type Answer } from '../helpers/api.ts'
import type { Address } from '../helpers/node.ts'
import { publicUrl } from './provider.ts'

/** The cookie of a sign-in that is under way. */
export const flowCookie = 'oidc'

export interface SignInOptions {
  /** Who they are at the provider; left out, they say no there. */
  as?: string
  returnTo?: string
  /** The node that the browser comes back to, when it is another. */
  back?: Address
}

/** Somebody's browser, with Parley's cookies, going to the identity provider and back. */
export class Browser {
  readonly node: Address
  readonly jar: CookieJar

  constructor (node: Address, jar = new CookieJar()) {
    this.node = node
    this.jar = jar
  }

  api (node = this.node): Api {
    return new Api(node, this.jar)
  }

  /** Where the provider is, with what Parley asks of it. */
  async begin (returnTo?: string): Promise<string> {
    const query = returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo }).toString()}`
    return locationOf(await this.api().get(`/auth/oidc${query}`))
  }

  async beginLink (body?: { returnTo: string }): Promise<string> {
    const { body: answer } = await this.api().post('/auth/oidc/link', body)
    return (answer as unknown as { url: string }).url
  }

  /** Says there who they are, and is sent back: where to, as a path of the API. */
  async visit (url: string, as?: string): Promise<string> {
    const jar = new CookieJar()
    let next = url
    while (!next.startsWith(publicUrl)) {
      const here = new URL(next)
      if (here.pathname.startsWith('/interaction/') && as !== undefined) here.searchParams.set('as', as)
      const response = await fetch(here, { redirect: 'manual', headers: jar.header ? { cookie: jar.header } : {} })
      jar.keep(response.headers)
      const location = response.headers.get('location')
      if (location === null) throw new Error(`The provider answers ${response.status}: ${await response.text()}`)
      next = new URL(location, here).href
    }
    return next.slice(`${publicUrl}/api`.length)
  }

  async comeBack (path: string, node = this.node): Promise<Answer> {
    return await this.api(node).get(path)
  }

  /** All of it: the answer is that of the callback. */
  async signIn ({ as, returnTo, back }: SignInOptions): Promise<Answer> {
    return await this.comeBack(await this.visit(await this.begin(returnTo), as), back)
  }

  async link ({ as, back }: SignInOptions): Promise<Answer> {
    return await this.comeBack(await this.visit(await this.beginLink(), as), back)
  }

  async whoAmI (): Promise<Answer> {
    return await this.api().get('/auth/user')
  }
}

export function locationOf ({ status, headers, body }: Answer): string {
  const location = headers.get('location')
  if (status === 302 && location !== null) return location
  throw new Error(`This should send the browser on, and answers ${status}: ${JSON.stringify(body)}`)
}
