/** Sizes that both sides hold to. Bytes are of the JSON text in UTF-8. */
export const limits = {
  /** Largest body of a REST request, and largest packet of a socket. */
  payloadBytes: 64 * 1024,
  /** Largest `room:events` frame. */
  frameBytes: 64 * 1024,
  /** Largest answer to `room:sync`. */
  syncBytes: 256 * 1024,
  /** What may wait for a client that does not read, before its transport is closed. */
  backlogBytes: 1024 * 1024,
  syncRooms: 100,
  /** Links into one room, at a time. */
  invitationsPerRoom: 100,
  eventsPerPage: 500,
  messagesPerPage: 100,
  attachmentsPerMessage: 10,
  /** People one message mentions; further ones are just words. */
  mentions: 50,
  /** Rooms named in `session:ready`. */
  readyRooms: 500,
  /** People named in one question about presence. */
  presenceUsers: 100,
  /** People one connection may watch. */
  watchedUsers: 1000,
  typingMs: 6000
} as const
