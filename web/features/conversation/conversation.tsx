/** The messages of a room, and where one writes. */
export function Conversation ({ roomId }: { roomId: string }) {
  return <p>The conversation of {roomId} comes here.</p>
}
