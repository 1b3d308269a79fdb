import { useAccount } from '../../stores/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page-header.tsx'
import { readField } from '../../ui/read-field.ts'
import { TextField } from '../../ui/text-field.tsx'
import { useSubmit } from '../../ui/use-submit.ts'
import styles from './profile.module.css'
import { useChange } from './use-change.ts'

export function NameSection () {
  const { displayName } = useAccount()
  const change = useChange()
  const { onSubmit, isBusy, fields, problem } = useSubmit((form) => change({ displayName: readField(form, 'displayName') }, 'Your name is changed.'))
  return (
    <Section title='Name' hint='As others see you.'>
      <form className={styles.form} onSubmit={onSubmit}>
        {problem !== undefined && <Notice tone='danger'>{problem}</Notice>}
        <TextField label='Display name' name='displayName' autoComplete='name' required maxLength={64} defaultValue={displayName} error={fields.displayName} />
        <Button type='submit' isBusy={isBusy}>Save name</Button>
      </form>
    </Section>
  )
}
