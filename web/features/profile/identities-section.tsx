import { useCallback, useEffect, useState } from 'react'
import type { CallAnswer } from '../../../sdk/index.ts'
import { useParley } from '../../stores/context.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/page-header.tsx'
import { toDay } from '../../ui/time.ts'
import { toastError } from '../../ui/toasts.ts'
import styles from './profile.module.css'

/** Identities of elsewhere that I can sign in with, where this server is set up for it. */
export function IdentitiesSection () {
  const parley = useParley()
  const [provider, setProvider] = useState<string>()
  const [answer, setAnswer] = useState<CallAnswer<'listIdentities'>>()

  const load = useCallback(async () => {
    const [{ oidc }, identities] = await Promise.all([parley.call('listMethods'), parley.call('listIdentities')])
    setProvider(oidc?.name)
    setAnswer(identities)
  }, [parley])
  useEffect(() => { load().catch(toastError) }, [load])

  async function link (): Promise<void> {
    try {
      const { url } = await parley.call('linkOidc', { body: { returnTo: `/${location.hash}` } })
      location.assign(url)
    } catch (error) {
      toastError(error)
    }
  }

  async function unlink (identityId: string): Promise<void> {
    try {
      await parley.call('removeIdentity', { params: { identityId } })
      await load()
    } catch (error) {
      toastError(error)
    }
  }

  if (!answer || (provider === undefined && answer.identities.length === 0)) return null
  return (
    <Section title='Other ways to sign in'>
      <ul>
        {answer.identities.map(({ id, label, issuer, createdAt }) => (
          <li key={id} className={styles.identity}>
            <span>{label ?? issuer}<br /><span className={styles.faint}>since {toDay(createdAt)}</span></span>
            <Button size='small' onClick={() => { void unlink(id) }}>Unlink</Button>
          </li>
        ))}
      </ul>
      {provider !== undefined && <div><Button onClick={() => { void link() }}>Link {provider}</Button></div>}
    </Section>
  )
}
