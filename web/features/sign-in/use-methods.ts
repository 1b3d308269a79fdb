import { useEffect, useState } from 'react'
import type { CallAnswer } from '../../../sdk/index.ts'
import { useParley } from '../../stores/context.ts'

export type Methods = CallAnswer<'listMethods'>

/** How one can sign in here; undefined until the server has said so. */
export function useMethods (): Methods | undefined {
  const parley = useParley()
  const [methods, setMethods] = useState<Methods>()
  useEffect(() => {
    // Without an answer the page offers what every server has; what is wrong shows at signing in.
    parley.call('listMethods').then(setMethods, () => { setMethods({ password: true, recovery: false, oidc: null }) })
  }, [parley])
  return methods
}
