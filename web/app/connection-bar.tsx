import { useConnection } from '../stores/hooks.ts'

export function ConnectionBar () {
  const { state } = useConnection()
  return state === 'online' ? null : <p role='status'>{state}</p>
}
