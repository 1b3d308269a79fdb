import { createStore } from 'zustand/vanilla'

export type RoomDialog = 'create' | 'direct' | 'switch'

/** Which of the dialogs about rooms is open: several places open them, the frame shows them. */
export const roomDialogStore = createStore<{ open: RoomDialog | undefined }>(() => ({ open: undefined }))

export function openRoomDialog (open: RoomDialog | undefined): void {
  roomDialogStore.setState({ open })
}
