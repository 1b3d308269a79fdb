import { useState } from 'react'
import type { Role } from '../../../contract/index.ts'
import { PersonAvatar } from '../../parts/person.tsx'
import { useAccount, usePresence } from '../../stores/hooks.ts'
import type { RoomView } from '../../stores/room-view.ts'
import { Tag } from '../../ui/badge.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { toAgo } from '../../ui/time.ts'
import { toastError } from '../../ui/toasts.ts'
import styles from './members.module.css'
import { mayRule, rolesToGive } from './permissions.ts'
import type { NamedMember } from './sort-members.ts'
import { isMuted, useMemberActions } from './use-member-actions.ts'

interface MemberRowProps {
  member: NamedMember
  room: RoomView
  myRole: Role | undefined
}

const roleNames: Record<Role, string> = { owner: 'Owner', admin: 'Admin', member: 'Member' }

export function MemberRow ({ member, room, myRole }: MemberRowProps) {
  const { userId, role, name, user } = member
  const isMe = useAccount().id === userId
  const presence = usePresence(userId)
  const actions = useMemberActions(room.id, userId)
  const [asking, setAsking] = useState<'remove' | 'ban'>()
  const mayAct = !isMe && room.kind !== 'direct' && mayRule(myRole, role)
  const run = (action: () => Promise<void>) => () => { action().catch(toastError) }

  const items: Array<MenuItem | undefined> = [
    ...(isMe ? [] : [{ label: 'Message', icon: 'message', onChoose: run(actions.message) } as const]),
    ...(mayAct
      ? [
          ...rolesToGive(myRole, role).map((next) => ({ label: `Make ${roleNames[next].toLowerCase()}`, icon: 'user', onChoose: run(() => actions.giveRole(next)) } as const)),
          undefined,
          ...(isMuted(member)
            ? [{ label: 'Unmute', icon: 'message', onChoose: run(actions.unmute) } as const]
            : [
                { label: 'Mute for an hour', icon: 'mute', onChoose: run(() => actions.mute(3600)) } as const,
                { label: 'Mute until lifted', icon: 'mute', onChoose: run(() => actions.mute()) } as const
              ]),
          { label: 'Remove from room', icon: 'signOut', isDanger: true, onChoose: () => { setAsking('remove') } } as const,
          { label: 'Ban', icon: 'ban', isDanger: true, onChoose: () => { setAsking('ban') } } as const
        ]
      : [])
  ]
  const lastSeen = presence?.status === 'offline' && presence.lastSeenAt !== null ? ` · seen ${toAgo(presence.lastSeenAt)}` : ''

  return (
    <div className={styles.row}>
      <PersonAvatar userId={userId} size='medium' />
      <div className={styles.who}>
        <p className={styles.name}>{name}{isMe && <span className={styles.faint}> (you)</span>}</p>
        <p className={styles.faint}>@{user.username}{lastSeen}</p>
      </div>
      {isMuted(member) && <Tag>Muted</Tag>}
      {role !== 'member' && <Tag>{roleNames[role]}</Tag>}
      {items.length > 0 && <Menu label={`What to do about ${name}`} triggerClass={styles.more} trigger={<Icon name='more' />} items={items} />}
      {asking === 'remove' && (
        <Confirm
          title={`Remove ${name}?`} action='Remove' onClose={() => { setAsking(undefined) }} onConfirm={() => actions.remove()}
          text={room.kind === 'public' ? 'They can join again. To keep them out, ban them.' : 'They come back only when somebody adds or invites them.'}
        />
      )}
      {asking === 'ban' && (
        <Confirm
          title={`Ban ${name}?`} action='Ban' onClose={() => { setAsking(undefined) }} onConfirm={() => actions.ban()}
          text='They are removed, and nobody can bring them back in until the ban is lifted.'
        />
      )}
    </div>
  )
}
