import { useAccount } from '../../stores/hooks.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Page, PageHeader } from '../../ui/page-header.tsx'
import { toDay } from '../../ui/time.ts'
import { EmailSection } from './email-section.tsx'
import { IdentitiesSection } from './identities-section.tsx'
import { NameSection } from './name-section.tsx'
import { PasswordSection } from './password-section.tsx'
import styles from './profile.module.css'

export function ProfilePage () {
  const { id, username, displayName, createdAt } = useAccount()
  return (
    <Page header={<PageHeader title='Profile' />}>
      <div className={styles.card}>
        <Avatar id={id} name={displayName} size='large' />
        <div>
          <p className={styles.name}>{displayName}</p>
          <p className={styles.faint}>@{username} · here since {toDay(createdAt)}</p>
        </div>
      </div>
      <NameSection />
      <EmailSection />
      <PasswordSection />
      <IdentitiesSection />
    </Page>
  )
}
