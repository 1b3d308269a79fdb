import { useParley, useSessionTools } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { readField } from '../../ui/read-field.ts'
import { Notice } from '../../ui/notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useSubmit } from '../../ui/use-submit.ts'
import { Entrance } from './entrance.tsx'
import styles from './entrance.module.css'

export function RegisterPage ({ onSignIn }: { onSignIn: () => void }) {
  const parley = useParley()
  const { signIn } = useSessionTools()
  const { onSubmit, isBusy, fields, problem } = useSubmit(async (form) => {
    const credentials = { username: readField(form, 'username').trim(), password: readField(form, 'password') }
    const [displayName, email] = [readField(form, 'displayName').trim(), readField(form, 'email').trim()]
    await parley.register({ ...credentials, ...(displayName !== '' && { displayName }), ...(email !== '' && { email }) })
    await signIn(credentials)
  }, ({ code }) => code === 'user.username_taken' ? 'username' : undefined)

  return (
    <Entrance title='Make an account' footer={<>You have one? <button type='button' className={styles.linkButton} onClick={onSignIn}>Sign in</button></>}>
      <form className={styles.form} onSubmit={onSubmit}>
        {problem !== undefined && <Notice tone='danger'>{problem}</Notice>}
        <TextField label='Your name' name='displayName' autoComplete='name' maxLength={64} autoFocus error={fields.displayName} hint='As others see you. Your username, if you leave it out.' />
        <TextField
          label='Username' name='username' autoComplete='username' autoCapitalize='none' spellCheck={false} required minLength={3} maxLength={32} error={fields.username}
          hint='3 to 32 letters, digits and . _ -'
        />
        <TextField label='Password' name='password' type='password' autoComplete='new-password' required minLength={8} maxLength={128} error={fields.password} hint='At least 8 characters.' />
        <TextField label='Email (optional)' name='email' type='email' autoComplete='email' maxLength={254} error={fields.email} hint='To get back in should you forget your password.' />
        <Button type='submit' look='primary' isBusy={isBusy}>Make the account</Button>
      </form>
    </Entrance>
  )
}
