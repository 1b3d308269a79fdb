import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { PersonLine } from '../../parts/person.tsx'
import { RoomMark } from '../../parts/room-mark.tsx'
import { useFound } from '../../parts/use-found.ts'
import { useParley } from '../../stores/context.ts'
import { useAccount, useRooms } from '../../stores/hooks.ts'
import { ComboList, type ComboOption } from '../../ui/combo-list.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { toastError } from '../../ui/toasts.ts'
import { rankRooms } from './rank-rooms.ts'
import { openRoomDialog } from './room-dialogs.ts'

const pages: ReadonlyArray<{ path: string, icon: IconName, name: string }> = [
  { path: '/directory', icon: 'compass', name: 'Browse rooms' },
  { path: '/settings/profile', icon: 'user', name: 'Profile' },
  { path: '/settings/devices', icon: 'devices', name: 'Devices' },
  { path: '/settings/preferences', icon: 'settings', name: 'Preferences' }
]

/** From anywhere to anywhere by a few letters: my rooms, rooms to join, people, pages. */
export function QuickSwitcher ({ onClose }: { onClose: () => void }) {
  const parley = useParley()
  const rooms = useRooms()
  const { id: myId } = useAccount()
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const text = query.trim()
  const mine = new Set(rooms.map(({ id }) => id))
  const ranked = rankRooms(rooms, text).slice(0, 12)
  const partners = new Set(rooms.map(({ otherId }) => otherId))

  const { found: people, isAsking } = useFound(text, async (query) => query === '' ? [] : (await parley.call('findUsers', { query: { query, limit: 8 } })).users)
  const { found: others } = useFound(text, async (query) => query === '' ? [] : (await parley.rooms.findPublic({ query, limit: 8 })).rooms)

  async function go (find: () => Promise<string>): Promise<void> {
    try {
      const path = await find()
      onClose()
      await navigate(path)
    } catch (error) {
      toastError(error)
    }
  }

  const option = (key: string, group: string, content: ReactNode, find: () => Promise<string>): ComboOption =>
    ({ key, group, content, onChoose: () => { void go(find) } })

  const options = [
    ...ranked.map((room) => option(room.id, 'Your rooms', <><RoomMark room={room} />{room.title}</>, async () => `/rooms/${room.id}`)),
    ...others.filter(({ id }) => !mine.has(id)).map(({ id, name }) => option(id, 'Rooms to join', <><Icon name='hash' size={16} />{name}</>, async () => {
      await parley.rooms.join(id)
      return `/rooms/${id}`
    })),
    ...people.filter(({ id }) => id !== myId && !partners.has(id)).map((user) => option(user.id, 'People', <PersonLine user={user} />, async () => {
      return `/rooms/${(await parley.rooms.openDirect(user.id)).id}`
    })),
    ...pages.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase())).map(({ path, icon, name }) =>
      option(path, 'Pages', <><Icon name={icon} size={16} />{name}</>, async () => path)),
    { key: 'create', group: 'Pages', content: <><Icon name='plus' size={16} />Create a room</>, onChoose: () => { openRoomDialog('create') } }
  ]
  return (
    <Dialog title='Go to' onClose={onClose}>
      <ComboList label='Rooms, people and pages' placeholder='A room, a person, a page' query={query} onQuery={setQuery} options={options} isAsking={isAsking && ranked.length === 0} emptyText='Nothing is called that.' />
    </Dialog>
  )
}
