import { useState, type ReactNode } from 'react'
import { RegisterPage } from '../features/sign-in/register-page.tsx'
import { SignInPage } from '../features/sign-in/sign-in-page.tsx'
import { useSessionTools, useSessionView } from '../stores/context.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState, Spinner } from '../ui/notice.tsx'

/** Whoever is not signed in does that first, and is then where they wanted to be: the address stays. */
export function RequireSession ({ children }: { children: ReactNode }) {
  const { open } = useSessionTools()
  const opening = useSessionView((view) => view.opening)
  const error = useSessionView((view) => view.openingError)
  const isSignedIn = useSessionView((view) => view.account !== undefined)

  if (isSignedIn) return children
  if (opening === 'asking') return <Spinner label='Asking who is signed in' />
  if (opening === 'failed') {
    return (
      <EmptyState icon='warning' title='The server does not answer' actions={<Button look='primary' onClick={() => { void open() }}>Try again</Button>}>
        {error?.message}
      </EmptyState>
    )
  }
  return <EntrancePages />
}

function EntrancePages () {
  const [isNew, setNew] = useState(false)
  return isNew
    ? <RegisterPage onSignIn={() => { setNew(false) }} />
    : <SignInPage onRegister={() => { setNew(true) }} />
}
