import { useParley } from '../../stores/context.ts'
import { useAccount } from '../../stores/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page-header.tsx'
import { readField } from '../../ui/read-field.ts'
import { TextField } from '../../ui/text-field.tsx'
import { toast, toastError } from '../../ui/toasts.ts'
import { useSubmit } from '../../ui/use-submit.ts'
import styles from './profile.module.css'
import { useChange } from './use-change.ts'

export function EmailSection () {
  const { email, emailVerified } = useAccount()
  const parley = useParley()
  const change = useChange()
  const { onSubmit, isBusy, fields, problem } = useSubmit((form) => {
    const [next, currentPassword] = [readField(form, 'email').trim(), readField(form, 'currentPassword')]
    return change({ email: next === '' ? null : next, ...(currentPassword !== '' && { currentPassword }) }, 'Your email is changed.')
  }, ({ code }) => code === 'session.invalid_credentials' ? 'currentPassword' : undefined)

  async function sendLink (): Promise<void> {
    try {
      await parley.call('requestVerification')
      toast('A link is on its way to you.')
    } catch (error) {
      toastError(error)
    }
  }

  return (
    <Section title='Email' hint='To get back in should you forget your password. Others do not see it.'>
      {email !== null && !emailVerified && (
        <Notice tone='warning'>
          {email} is not verified yet: follow the link that was sent there. <button type='button' className={styles.linkButton} onClick={() => { void sendLink() }}>Send it again</button>
        </Notice>
      )}
      <form className={styles.form} onSubmit={onSubmit}>
        {problem !== undefined && <Notice tone='danger'>{problem}</Notice>}
        <TextField
          label='Email' name='email' type='email' autoComplete='email' maxLength={254} defaultValue={email ?? ''} error={fields.email}
          hint={email !== null && emailVerified ? 'Verified.' : undefined}
        />
        <TextField
          label='Current password' name='currentPassword' type='password' autoComplete='current-password' error={fields.currentPassword}
          hint='Not needed within ten minutes of signing in.'
        />
        <Button type='submit' isBusy={isBusy}>Save email</Button>
      </form>
    </Section>
  )
}
