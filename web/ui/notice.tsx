import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'
import styles from './notice.module.css'

/** Something to know, in the flow of the page. */
export function Notice ({ tone = 'info', children }: { tone?: 'info' | 'danger' | 'warning', children: ReactNode }) {
  return (
    <div className={classNames(styles.notice, styles[tone])} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon name={tone === 'info' ? 'info' : 'warning'} />
      <div>{children}</div>
    </div>
  )
}

interface EmptyStateProps {
  icon: IconName
  title: string
  children?: ReactNode
  actions?: ReactNode
}

/** Instead of what is not there yet: says what to do. */
export function EmptyState ({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <span className={styles.emptyIcon}><Icon name={icon} size={28} /></span>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className={styles.emptyActions}>{actions}</div>}
    </div>
  )
}

export function Spinner ({ label = 'Loading' }: { label?: string }) {
  return <div className={styles.spinner} role='status'><span className='visually-hidden'>{label}</span></div>
}
