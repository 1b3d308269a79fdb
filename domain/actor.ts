/** Who acts: always from the session, never from what a client says. */
export interface Actor {
  userId: string
  /** The public id of the session. */
  sessionId: string
  /** The socket, where it is one that acts. */
  connectionId?: string
}
