import { attachmentCalls } from './attachments.ts'
import { authCalls } from './auth.ts'
import { identityCalls } from './identities.ts'
import { invitationCalls } from './invitations.ts'
import { messageCalls } from './messages.ts'
import { moderationCalls } from './moderation.ts'
import { presenceCalls } from './presence.ts'
import { recoveryCalls } from './recovery.ts'
import { roomCalls } from './rooms.ts'
import { searchCalls } from './search.ts'
import { userCalls } from './users.ts'

/** Every REST call, by name. */
export const calls = {
  ...authCalls,
  ...identityCalls,
  ...recoveryCalls,
  ...userCalls,
  ...roomCalls,
  ...moderationCalls,
  ...invitationCalls,
  ...messageCalls,
  ...attachmentCalls,
  ...searchCalls,
  ...presenceCalls
}

export type CallName = keyof typeof calls
