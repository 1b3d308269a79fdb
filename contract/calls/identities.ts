import { Type } from 'typebox'
import { Identity, ReturnTo } from '../identity.ts'
import { Exactly, Id, Nullable } from '../primitives.ts'
import { defineCalls } from './call.ts'

export const identityCalls = defineCalls({
  listMethods: {
    method: 'GET',
    path: '/auth/methods',
    summary: 'How one can sign in here, and whether a forgotten password can be recovered by mail.',
    open: true,
    answers: {
      200: Type.Object({
        password: Type.Boolean(),
        recovery: Type.Boolean(),
        oidc: Nullable(Type.Object({ name: Type.String() }))
      })
    }
  },
  beginOidc: {
    method: 'GET',
    path: '/auth/oidc',
    summary: 'Sign in with the identity provider: the browser is sent there, and comes back to `returnTo` with the cookie `sid`.',
    open: true,
    rate: 'oidc',
    query: Exactly({ returnTo: Type.Optional(ReturnTo) }),
    answers: { 302: Type.Null() }
  },
  finishOidc: {
    method: 'GET',
    path: '/auth/oidc/callback',
    summary: 'Where the identity provider sends the browser back to; nobody else has a reason to call it.',
    open: true,
    rate: 'oidc',
    answers: { 302: Type.Null() }
  },
  linkOidc: {
    method: 'POST',
    path: '/auth/oidc/link',
    summary: 'Link an identity to my account: send the browser to `url`. It comes back to `returnTo`, in this same session. Needs my `currentPassword`, unless I have signed in within ten minutes.',
    body: Type.Optional(Nullable(Exactly({
      returnTo: Type.Optional(ReturnTo),
      currentPassword: Type.Optional(Type.String({ maxLength: 256, wellFormed: true }))
    }))),
    answers: { 200: Type.Object({ url: Type.String() }) }
  },
  listIdentities: {
    method: 'GET',
    path: '/auth/identities',
    summary: 'The identities that I can sign in with, and whether I have a password as well.',
    answers: { 200: Type.Object({ identities: Type.Array(Identity), hasPassword: Type.Boolean() }) }
  },
  removeIdentity: {
    method: 'DELETE',
    path: '/auth/identities/:identityId',
    summary: 'Sign in with this identity no more; ends every other session. The last way in stays: `identity.required`.',
    params: Exactly({ identityId: Id }),
    answers: { 204: Type.Null() }
  }
})
