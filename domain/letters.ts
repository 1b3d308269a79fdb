import type { Account } from '../contract/index.ts'
import type { Sql } from '../db/client.ts'
import type { LinkPurpose, MailedPerson } from '../db/queries/mailed-links.ts'
import { linkTo, makeMailedLink } from './mailed-links.ts'

/** What leaves by mail, or by the operator's webhook. */
export type Letter =
  | { kind: LinkPurpose, to: string, username: string, link: string, expiresAt: string }
  | { kind: 'email_changed', to: string, username: string }

/** How letters leave. */
export interface Mailer {
  /** What their links begin with. */
  publicUrl: string
  /**
   * Returns at once. The letter is written when its turn to leave has come, and never when there are too many of them,
   * or of its kind to this address; whatever fails is the mailer's to report. `userId` is whose account it is about.
   */
  post: (kind: Letter['kind'], { to, userId }: { to: string, userId: string }, write: () => Promise<Letter | undefined>) => void
}

export interface LettersDeps {
  sql: Sql
  /** Null where no way for letters is set up: then none is written. */
  mailer: Mailer | null
}

/** Letters to people: whoever causes one does not wait for it. */
export function createLetters ({ sql, mailer }: LettersDeps) {
  function postLink (kind: LinkPurpose, { id: userId, username, email }: MailedPerson): void {
    mailer?.post(kind, { to: email, userId }, async () => {
      const made = await makeMailedLink(sql, { userId, purpose: kind, email })
      return made && { kind, to: email, username, link: linkTo(mailer.publicUrl, kind, made.token), expiresAt: made.expiresAt }
    })
  }

  return {
    canBeSent: mailer !== null,

    /** To the address of the account, to prove it; to none when there is nothing to prove. */
    sendVerification ({ id, username, email, emailVerified }: Account): void {
      if (email !== null && !emailVerified) postLink('verification', { id, username, email })
    },

    sendRecovery (person: MailedPerson): void {
      postLink('recovery', person)
    },

    /** To the address that was given up: whoever reads it may know nothing of that. */
    sendEmailChanged (to: string, { id: userId, username }: Account): void {
      mailer?.post('email_changed', { to, userId }, async () => ({ kind: 'email_changed', to, username }))
    }
  }
}

export type Letters = ReturnType<typeof createLetters>
