/** Finds messages of a room. */
export function SearchPanel ({ roomId }: { roomId: string }) {
  return <p>The search of {roomId} comes here.</p>
}
