import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useParley } from '../../stores/context.ts'
import { useMyRole, useRoomHandle } from '../../stores/hooks.ts'
import type { RoomView } from '../../stores/room-view.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Notice } from '../../ui/notice.tsx'
import { readField } from '../../ui/read-field.ts'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import { toDay } from '../../ui/time.ts'
import { toast, toastError } from '../../ui/toasts.ts'
import { useSubmit } from '../../ui/use-submit.ts'
import styles from './room-details.module.css'
import rooms from './rooms.module.css'

const kinds = { public: 'Public: everybody here can join', private: 'Private: by invitation', direct: 'Direct: the two of you' }

/** What a room is, and what those who lead it may change. */
export function RoomDetailsPanel ({ room }: { room: RoomView }) {
  const role = useMyRole(room.id)
  const { details } = useRoomHandle(room.id)
  const mayChange = room.kind !== 'direct' && (role === 'owner' || role === 'admin')
  return (
    <div className={styles.panel}>
      {mayChange && room.archivedAt === null && <NameForm key={`${room.title}\n${room.topic}`} room={room} />}
      {!mayChange && room.topic !== '' && <p>{room.topic}</p>}
      <dl className={rooms.facts}>
        <dt>Kind</dt><dd>{kinds[room.kind]}</dd>
        {details && <><dt>Since</dt><dd>{toDay(details.createdAt)}</dd></>}
        <dt>Members</dt><dd>{room.memberCount}</dd>
      </dl>
      {room.kind !== 'direct' && <Endings room={room} mayArchive={mayChange} mayDelete={role === 'owner'} />}
    </div>
  )
}

function NameForm ({ room }: { room: RoomView }) {
  const parley = useParley()
  const { onSubmit, isBusy, fields, problem } = useSubmit(async (form) => {
    await parley.call('changeRoom', { params: { roomId: room.id }, body: { name: readField(form, 'name'), topic: readField(form, 'topic') } })
    toast('Saved.')
  })
  return (
    <form className={rooms.form} onSubmit={onSubmit}>
      {problem !== undefined && <Notice tone='danger'>{problem}</Notice>}
      <TextField label='Name' name='name' required maxLength={80} defaultValue={room.title} autoComplete='off' error={fields.name} />
      <TextArea label='Topic' name='topic' maxLength={250} defaultValue={room.topic} error={fields.topic} />
      <div><Button type='submit' size='small' isBusy={isBusy}>Save</Button></div>
    </form>
  )
}

function Endings ({ room, mayArchive, mayDelete }: { room: RoomView, mayArchive: boolean, mayDelete: boolean }) {
  const parley = useParley()
  const handle = useRoomHandle(room.id)
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'leave' | 'delete'>()
  const close = () => { setAsking(undefined) }

  async function archive (isArchived: boolean): Promise<void> {
    try {
      await (isArchived ? handle.archive() : handle.unarchive())
    } catch (error) {
      toastError(error)
    }
  }

  return (
    <div className={styles.endings}>
      {mayArchive && (room.archivedAt === null
        ? <Button icon='archive' onClick={() => { void archive(true) }}>Archive</Button>
        : <Button icon='archive' onClick={() => { void archive(false) }}>Bring back from the archive</Button>)}
      <Button icon='signOut' onClick={() => { setAsking('leave') }}>Leave</Button>
      {mayDelete && <Button look='grave' icon='trash' onClick={() => { setAsking('delete') }}>Delete</Button>}
      {asking === 'leave' && (
        <Confirm
          title={`Leave ${room.title}?`} action='Leave' onClose={close}
          text={room.kind === 'public' ? 'You can join again whenever you like.' : 'You come back only when somebody adds or invites you.'}
          onConfirm={async () => {
            await handle.leave()
            await navigate('/')
          }}
        />
      )}
      {asking === 'delete' && (
        <Confirm
          title={`Delete ${room.title}?`} text='The room and everything said in it are gone, for everybody and for good.' action='Delete for good' onClose={close}
          onConfirm={async () => {
            await parley.call('deleteRoom', { params: { roomId: room.id } })
            await navigate('/')
          }}
        />
      )}
    </div>
  )
}
