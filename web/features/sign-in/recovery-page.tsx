import { useState } from 'react'
import { Link } from 'react-router'
import { useParley } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { readField } from '../../ui/read-field.ts'
import { TextField } from '../../ui/text-field.tsx'
import { useSubmit } from '../../ui/use-submit.ts'
import { Entrance } from './entrance.tsx'
import styles from './entrance.module.css'

/** Asks for a link that sets a new password. */
export function RecoveryPage () {
  const parley = useParley()
  const [isSent, setSent] = useState(false)
  const { onSubmit, isBusy, fields, problem } = useSubmit(async (form) => {
    const who = readField(form, 'who').trim()
    await parley.call('requestRecovery', { body: who.includes('@') ? { email: who } : { username: who } })
    setSent(true)
  })
  return (
    <Entrance title='Forgot your password?' footer={<Link to='/'>Back to signing in</Link>}>
      {isSent
        ? <Notice>If there is such an account with a verified email, a link is on its way there.</Notice>
        : (
          <form className={styles.form} onSubmit={onSubmit}>
            {problem !== undefined && <Notice tone='danger'>{problem}</Notice>}
            <TextField
              label='Username or email' name='who' autoComplete='username' autoCapitalize='none' spellCheck={false} required autoFocus error={fields.email ?? fields.username}
              hint='A link that sets a new password goes to your verified email.'
            />
            <Button type='submit' look='primary' isBusy={isBusy}>Send the link</Button>
          </form>
          )}
    </Entrance>
  )
}
