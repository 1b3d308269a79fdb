import { useState } from 'react'
import { useRoomHandle } from '../../stores/hooks.ts'
import type { RoomView } from '../../stores/room-view.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/text-field.tsx'
import { toast, toastError } from '../../ui/toasts.ts'
import styles from './invitations.module.css'
import { InvitationList } from './invitation-list.tsx'
import { linkOf, lives, uses, type Life, type Uses } from './links.ts'

/** Makes links into a room, and takes them back. */
export function InviteDialog ({ room, onClose }: { room: RoomView, onClose: () => void }) {
  const handle = useRoomHandle(room.id)
  const [life, setLife] = useState<Life>('604800')
  const [maxUses, setMaxUses] = useState<Uses>('any')
  const [link, setLink] = useState<string>()
  const [made, setMade] = useState(0)

  async function make (): Promise<void> {
    try {
      const { token } = await handle.invite({ expiresInSeconds: Number(life), ...(maxUses !== 'any' && { maxUses: Number(maxUses) }) })
      setLink(linkOf(token))
      setMade((count) => count + 1)
    } catch (error) {
      toastError(error)
    }
  }

  async function copy (text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      toast('The link is copied.')
    } catch {
      toast('This browser does not let the page copy: select the link and copy it.', { isError: true })
    }
  }

  return (
    <Dialog title={`Invite to ${room.title}`} onClose={onClose}>
      <p>Whoever opens the link and signs in here can join.</p>
      <div className={styles.choices}>
        <Select label='Works for' value={life} options={lives} onChoose={setLife} />
        <Select label='For how many' value={maxUses} options={uses} onChoose={setMaxUses} />
      </div>
      <Button look='primary' icon='link' onClick={() => { void make() }}>Make a link</Button>
      {link !== undefined && (
        <div className={styles.link}>
          <input readOnly aria-label='The link' value={link} onFocus={(event) => { event.target.select() }} />
          <Button icon='copy' onClick={() => { void copy(link) }}>Copy</Button>
        </div>
      )}
      {link !== undefined && <p className={styles.hint}>It is shown this once.</p>}
      <InvitationList key={made} room={handle} />
    </Dialog>
  )
}
