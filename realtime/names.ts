/** Names of the adapter's rooms. */
export const roomName = (roomId: string): string => `room:${roomId}`

/** The room that a name of the adapter stands for, if it is a room's. */
export const toRoomId = (name: string): string | undefined => name.startsWith('room:') ? name.slice('room:'.length) : undefined
