import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { useParley } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { readField } from '../../ui/read-field.ts'
import { TextField } from '../../ui/text-field.tsx'
import { useSubmit } from '../../ui/use-submit.ts'
import { Entrance } from './entrance.tsx'
import styles from './entrance.module.css'

/** Where the link of a recovery leads. */
export function NewPasswordPage () {
  const { token = '' } = useParams()
  const parley = useParley()
  const [isDone, setDone] = useState(false)
  const { onSubmit, isBusy, fields, problem } = useSubmit(async (form) => {
    await parley.call('confirmRecovery', { body: { token, password: readField(form, 'password') } })
    setDone(true)
  })
  if (isDone) {
    return (
      <Entrance title='Your password is set' footer={<Link to='/'>Sign in</Link>}>
        <Notice>Every device was signed out. Sign in with the new password.</Notice>
      </Entrance>
    )
  }
  return (
    <Entrance title='Set a new password' footer={<Link to='/recovery'>Ask for another link</Link>}>
      <form className={styles.form} onSubmit={onSubmit}>
        {problem !== undefined && <Notice tone='danger'>{problem}</Notice>}
        <TextField
          label='New password' name='password' type='password' autoComplete='new-password' required minLength={8} maxLength={128} autoFocus error={fields.password}
          hint='At least 8 characters. Every device is signed out.'
        />
        <Button type='submit' look='primary' isBusy={isBusy}>Set the password</Button>
      </form>
    </Entrance>
  )
}
