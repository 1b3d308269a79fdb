import { authCalls } from './auth.ts'
import { messageCalls } from './messages.ts'
import { presenceCalls } from './presence.ts'
import { roomCalls } from './rooms.ts'
import { userCalls } from './users.ts'

/** Every REST call, by name. */
export const calls = { ...authCalls, ...userCalls, ...roomCalls, ...messageCalls, ...presenceCalls }

export type CallName = keyof typeof calls
