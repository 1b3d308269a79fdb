import { useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page-header.tsx'
import { readField } from '../../ui/read-field.ts'
import { TextField } from '../../ui/text-field.tsx'
import { useSubmit } from '../../ui/use-submit.ts'
import styles from './profile.module.css'
import { useChange } from './use-change.ts'

export function PasswordSection () {
  const formRef = useRef<HTMLFormElement>(null)
  const change = useChange()
  const { onSubmit, isBusy, fields, problem } = useSubmit(async (form) => {
    const [password, currentPassword] = [readField(form, 'password'), readField(form, 'currentPassword')]
    await change({ password, ...(currentPassword !== '' && { currentPassword }) }, 'Your password is changed; every other device is signed out.')
    formRef.current?.reset()
  }, ({ code }) => code === 'session.invalid_credentials' ? 'currentPassword' : undefined)
  return (
    <Section title='Password' hint='A new one signs out every other device.'>
      <form ref={formRef} className={styles.form} onSubmit={onSubmit}>
        {problem !== undefined && <Notice tone='danger'>{problem}</Notice>}
        <TextField label='Current password' name='currentPassword' type='password' autoComplete='current-password' error={fields.currentPassword} />
        <TextField label='New password' name='password' type='password' autoComplete='new-password' required minLength={8} maxLength={128} error={fields.password} />
        <Button type='submit' isBusy={isBusy}>Change password</Button>
      </form>
    </Section>
  )
}
