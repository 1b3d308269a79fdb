const keyOf = (userId: string) => `parley:last-room:${userId}`

/** Where one was last on this device: there one is again when the page opens. */
export function rememberRoom (userId: string, roomId: string): void {
  localStorage.setItem(keyOf(userId), roomId)
}

export function lastRoom (userId: string): string | null {
  return localStorage.getItem(keyOf(userId))
}
