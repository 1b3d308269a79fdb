import { Link } from 'react-router'
import { useSessionTools, useSessionView } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { Notice, Spinner } from '../../ui/notice.tsx'
import { readField } from '../../ui/read-field.ts'
import { TextField } from '../../ui/text-field.tsx'
import { useSubmit } from '../../ui/use-submit.ts'
import { Entrance } from './entrance.tsx'
import styles from './entrance.module.css'
import { explainEnd } from './explain-end.ts'
import { OidcButton } from './oidc-button.tsx'
import { useMethods } from './use-methods.ts'

export function SignInPage ({ onRegister }: { onRegister: () => void }) {
  const methods = useMethods()
  const ended = useSessionView((view) => view.ended)
  return (
    <Entrance
      title='Sign in'
      footer={methods?.password && <>New here? <button type='button' className={styles.linkButton} onClick={onRegister}>Make an account</button></>}
    >
      {ended && <Notice tone='warning'>{explainEnd(ended.reason)}</Notice>}
      {!methods && <Spinner />}
      {methods?.password && <PasswordForm canRecover={methods.recovery} />}
      {methods?.password && methods.oidc && <span className={styles.or}>or</span>}
      {methods?.oidc && <OidcButton name={methods.oidc.name} />}
    </Entrance>
  )
}

function PasswordForm ({ canRecover }: { canRecover: boolean }) {
  const { signIn } = useSessionTools()
  const { onSubmit, isBusy, fields, problem } = useSubmit(
    (form) => signIn({ username: readField(form, 'username').trim(), password: readField(form, 'password') }),
    ({ code }) => code === 'session.invalid_credentials' ? 'password' : undefined
  )
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      {problem !== undefined && <Notice tone='danger'>{problem}</Notice>}
      <TextField label='Username' name='username' autoComplete='username' autoCapitalize='none' spellCheck={false} required autoFocus error={fields.username} />
      <TextField
        label='Password' name='password' type='password' autoComplete='current-password' required error={fields.password}
        hint={canRecover ? <Link to='/recovery'>Forgot your password?</Link> : undefined}
      />
      <Button type='submit' look='primary' isBusy={isBusy}>Sign in</Button>
    </form>
  )
}
