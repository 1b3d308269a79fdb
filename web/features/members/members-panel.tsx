import { useState, type ReactNode } from 'react'
import { Virtuoso } from 'react-virtuoso'
import { useSessionTools } from '../../stores/context.ts'
import { useMembers, useMyRole, useUsers } from '../../stores/hooks.ts'
import type { RoomView } from '../../stores/room-view.ts'
import { Button } from '../../ui/button.tsx'
import { Notice, Spinner } from '../../ui/notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toastError } from '../../ui/toasts.ts'
import { AddMemberDialog } from './add-member-dialog.tsx'
import { BansDialog } from './bans-dialog.tsx'
import { MemberRow } from './member-row.tsx'
import styles from './members.module.css'
import { mayRule } from './permissions.ts'
import { sortMembers } from './sort-members.ts'

/** Who is in a room; with `invite` what leads to its links. */
export function MembersPanel ({ room, invite }: { room: RoomView, invite: ReactNode }) {
  const { members: store } = useSessionTools()
  const { members, state, error } = useMembers(room.id)
  const users = useUsers()
  const myRole = useMyRole(room.id)
  const [query, setQuery] = useState('')
  const [open, setOpen] = useState<'add' | 'bans'>()
  const shown = sortMembers(Object.values(members), users, query)
  const mayLead = mayRule(myRole, 'member') && room.kind !== 'direct'

  return (
    <div className={styles.panel}>
      {mayLead && (
        <div className={styles.actions}>
          {room.archivedAt === null && <Button size='small' icon='userPlus' onClick={() => { setOpen('add') }}>Add</Button>}
          {room.archivedAt === null && invite}
          <Button size='small' look='quiet' icon='ban' onClick={() => { setOpen('bans') }}>Banned</Button>
        </div>
      )}
      {Object.keys(members).length > 8 && (
        <div className={styles.filter}><TextField label='Find a member' type='search' value={query} onChange={(event) => { setQuery(event.target.value) }} /></div>
      )}
      {state === 'failed' && (
        <Notice tone='danger'>{error?.message} <Button size='small' onClick={() => { store.need(room.id) }}>Try again</Button></Notice>
      )}
      {state === 'loading' && shown.length === 0
        ? <Spinner />
        : (
          <Virtuoso
            className={styles.list} data={shown} computeItemKey={(_, { userId }) => userId} increaseViewportBy={200}
            itemContent={(_, member) => <MemberRow member={member} room={room} myRole={myRole} />}
          />
          )}
      {state === 'partly' && <Button look='quiet' onClick={() => { store.loadAll(room.id).catch(toastError) }}>Show all {room.memberCount} members</Button>}
      {open === 'add' && <AddMemberDialog room={room} onClose={() => { setOpen(undefined) }} />}
      {open === 'bans' && <BansDialog roomId={room.id} onClose={() => { setOpen(undefined) }} />}
    </div>
  )
}
