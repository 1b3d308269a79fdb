import type { EndReason } from '../../../contract/index.ts'

const sentences: Record<EndReason, string> = {
  logout: 'You signed out in another tab.',
  revoked: 'This device was signed out from another one.',
  expired: 'Your session has expired. Sign in to go on.',
  password_changed: 'Your password was changed, which signs out every other device.'
}

/** Why one sees the page for signing in; undefined where only the absence of a session was found. */
export function explainEnd (reason: EndReason | undefined): string {
  return reason === undefined ? 'You are no longer signed in.' : sentences[reason]
}
