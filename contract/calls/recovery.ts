import { Type } from 'typebox'
import { Exactly } from '../primitives.ts'
import { Email, Password } from '../user.ts'
import { defineCalls } from './call.ts'

/** What a link ends with. */
const Token = Type.String({ minLength: 1, maxLength: 256, wellFormed: true })

export const recoveryCalls = defineCalls({
  requestVerification: {
    method: 'POST',
    path: '/auth/email/verification',
    summary: 'Send me the link that verifies my email, again. Nothing is sent when it is verified.',
    rate: 'mail',
    answers: { 204: Type.Null() }
  },
  confirmEmail: {
    method: 'POST',
    path: '/auth/email/verification/confirm',
    summary: 'Verify an email by the token of a link that was sent to it.',
    open: true,
    rate: 'mail',
    body: Exactly({ token: Token }),
    answers: { 204: Type.Null() }
  },
  requestRecovery: {
    method: 'POST',
    path: '/auth/recovery',
    summary: 'Ask for a link that sets a new password, by username or by email (one of the two). It is sent to a verified email only; the answer does not tell whether there is one.',
    open: true,
    rate: 'mail',
    body: Exactly({
      username: Type.Optional(Type.String({ maxLength: 256, wellFormed: true })),
      email: Type.Optional(Email)
    }),
    answers: { 204: Type.Null() }
  },
  confirmRecovery: {
    method: 'POST',
    path: '/auth/recovery/confirm',
    summary: 'Set a new password by the token of a link, which works once. Ends every session of the account and unlinks the identities that were linked to it later; does not sign in.',
    open: true,
    rate: 'mail',
    body: Exactly({ token: Token, password: Password }),
    answers: { 204: Type.Null() }
  }
})
