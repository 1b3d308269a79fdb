import { useSessionTools } from '../stores/context.ts'
import { useAccount } from '../stores/hooks.ts'
import { Button } from '../ui/button.tsx'

export function AccountBar () {
  const { signOut } = useSessionTools()
  const { displayName } = useAccount()
  return <Button onClick={() => { void signOut() }}>Sign out {displayName}</Button>
}
