import type { CallInput } from '../../../sdk/index.ts'
import { useParley } from '../../stores/context.ts'
import { toast } from '../../ui/toasts.ts'

/** Changes my account, and shows it. */
export function useChange () {
  const parley = useParley()
  return async (changes: CallInput<'changeUser'>['body'], said: string): Promise<void> => {
    await parley.call('changeUser', { body: changes })
    await parley.currentUser()
    toast(said)
  }
}
