import { useState } from 'react'
import { useNavigate } from 'react-router'
import { PersonAvatar } from '../parts/person.tsx'
import { useSessionTools } from '../stores/context.ts'
import { useAccount, useConnection } from '../stores/hooks.ts'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { toastError } from '../ui/toasts.ts'
import styles from './account-bar.module.css'
import { NodeDialog } from './node-dialog.tsx'

/** Who I am, what I can do about it, and which node I am connected to. */
export function AccountBar () {
  const { signOut } = useSessionTools()
  const { id, displayName, username } = useAccount()
  const { node, state } = useConnection()
  const navigate = useNavigate()
  const [isNodeShown, setNodeShown] = useState(false)
  const go = (path: string) => () => { void navigate(path) }

  const trigger = (
    <>
      <span className='visually-hidden'>You, </span>
      <PersonAvatar userId={id} size='small' />
      <span className={styles.names}><span className={styles.name}>{displayName}</span><span className={styles.faint}>@{username}</span></span>
    </>
  )
  return (
    <div className={styles.bar}>
      <Menu
        label={`You, ${displayName}`} hasWords triggerClass={styles.me} trigger={trigger}
        items={[
          { label: 'Profile', icon: 'user', onChoose: go('/settings/profile') },
          { label: 'Devices', icon: 'devices', onChoose: go('/settings/devices') },
          { label: 'Preferences', icon: 'settings', onChoose: go('/settings/preferences') },
          undefined,
          { label: 'Sign out', icon: 'signOut', onChoose: () => { signOut().catch(toastError) } }
        ]}
      />
      {node !== undefined && (
        <button type='button' className={styles.node} data-state={state} title='The node you are connected to' aria-label={`Connected to node ${node}`} onClick={() => { setNodeShown(true) }}>
          <Icon name='server' size={14} />{node}
        </button>
      )}
      {isNodeShown && <NodeDialog onClose={() => { setNodeShown(false) }} />}
    </div>
  )
}
