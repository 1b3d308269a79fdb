import { useStore } from 'zustand'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { CreateRoomDialog } from './create-room-dialog.tsx'
import { DirectDialog } from './direct-dialog.tsx'
import { QuickSwitcher } from './quick-switcher.tsx'
import { openRoomDialog, roomDialogStore } from './room-dialogs.ts'

const dialogs = { create: CreateRoomDialog, direct: DirectDialog, switch: QuickSwitcher }

export function RoomDialogHost () {
  const open = useStore(roomDialogStore, (state) => state.open)
  useShortcut('k', () => { openRoomDialog(open === 'switch' ? undefined : 'switch') })
  if (!open) return null
  const Dialog = dialogs[open]
  return <Dialog onClose={() => { openRoomDialog(undefined) }} />
}
