import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import type { Room } from '../../../contract/index.ts'
import { useParley } from '../../stores/context.ts'
import { useRooms } from '../../stores/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, Spinner } from '../../ui/notice.tsx'
import { Page, PageHeader } from '../../ui/page-header.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toastError } from '../../ui/toasts.ts'
import { DirectoryEntry } from './directory-entry.tsx'
import { openRoomDialog } from './room-dialogs.ts'
import styles from './rooms.module.css'

interface Found {
  rooms: readonly Room[]
  nextCursor: string | null
}

/** Public rooms to join. */
export function DirectoryPage () {
  const parley = useParley()
  const navigate = useNavigate()
  const mine = new Set(useRooms().map(({ id }) => id))
  const [query, setQuery] = useState('')
  const [found, setFound] = useState<Found>()

  useEffect(() => {
    let isWanted = true
    parley.rooms.findPublic({ query, limit: 50 }).then((page) => { if (isWanted) setFound(page) }, toastError)
    return () => { isWanted = false }
  }, [parley, query])

  async function loadMore ({ rooms, nextCursor }: Found): Promise<void> {
    const page = await parley.rooms.findPublic({ query, limit: 50, ...(nextCursor !== null && { cursor: nextCursor }) })
    setFound({ ...page, rooms: [...rooms, ...page.rooms] })
  }

  async function enter (roomId: string): Promise<void> {
    try {
      if (!mine.has(roomId)) await parley.rooms.join(roomId)
      await navigate(`/rooms/${roomId}`)
    } catch (error) {
      toastError(error)
    }
  }

  const create = <Button look='primary' icon='plus' onClick={() => { openRoomDialog('create') }}>Create a room</Button>
  return (
    <Page header={<PageHeader title='Browse rooms' actions={create} />}>
      <TextField label='Find a room' type='search' value={query} placeholder='The beginning of its name' onChange={(event) => { setQuery(event.target.value) }} />
      {!found && <Spinner />}
      {found?.rooms.length === 0 && (
        <EmptyState icon='compass' title={query === '' ? 'There is no public room yet' : 'No room is called that'}>
          {query === '' ? 'Create one, and everybody here can find it.' : undefined}
        </EmptyState>
      )}
      {found && found.rooms.length > 0 && (
        <ul className={styles.directory}>
          {found.rooms.map((room) => <DirectoryEntry key={room.id} room={room} isMine={mine.has(room.id)} onEnter={() => enter(room.id)} />)}
        </ul>
      )}
      {found && found.nextCursor !== null && <Button onClick={() => { loadMore(found).catch(toastError) }}>Show more</Button>}
    </Page>
  )
}
