/** Names of the adapter's rooms. */
export const userName = (userId: string): string => `user:${userId}`
export const sessionName = (sessionId: string): string => `session:${sessionId}`
export const roomName = (roomId: string): string => `room:${roomId}`
