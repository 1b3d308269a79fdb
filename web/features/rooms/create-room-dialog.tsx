import { useId } from 'react'
import { useNavigate } from 'react-router'
import { useParley } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { readField } from '../../ui/read-field.ts'
import { TextField } from '../../ui/text-field.tsx'
import { useSubmit } from '../../ui/use-submit.ts'
import { KindChoice } from './kind-choice.tsx'
import styles from './rooms.module.css'

export function CreateRoomDialog ({ onClose }: { onClose: () => void }) {
  const id = useId()
  const parley = useParley()
  const navigate = useNavigate()
  const { onSubmit, isBusy, fields, problem } = useSubmit(async (form) => {
    const kind = readField(form, 'kind') === 'private' ? 'private' : 'public'
    const room = await parley.rooms.make({ name: readField(form, 'name'), topic: readField(form, 'topic'), kind })
    onClose()
    await navigate(`/rooms/${room.id}`)
  })
  return (
    <Dialog
      title='Create a room' onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type='submit' form={id} look='primary' isBusy={isBusy}>Create</Button>
        </>
      }
    >
      <form id={id} className={styles.form} onSubmit={onSubmit}>
        {problem !== undefined && <Notice tone='danger'>{problem}</Notice>}
        <TextField label='Name' name='name' required maxLength={80} autoComplete='off' error={fields.name} />
        <TextField label='Topic (optional)' name='topic' maxLength={250} autoComplete='off' error={fields.topic} hint='What it is about, in a line.' />
        <KindChoice />
      </form>
    </Dialog>
  )
}
