import { useEffect, useState } from 'react'
import { ParleyError } from '../../sdk/index.ts'
import { toastError } from '../ui/toasts.ts'

/** While somebody types, nothing is asked. */
const pauseMs = 180

/** What a question to the server finds, asked again as it changes; what was found before stays until then. */
export function useFound<T> (query: string, find: (query: string) => Promise<readonly T[]>): { found: readonly T[], isAsking: boolean } {
  const [state, setState] = useState<{ query: string | undefined, found: readonly T[] }>({ query: undefined, found: [] })
  useEffect(() => {
    let isWanted = true
    const timer = setTimeout(() => {
      find(query).then(
        (found) => { if (isWanted) setState({ query, found }) },
        (error: unknown) => {
          if (!(error instanceof ParleyError)) throw error
          if (!isWanted) return
          setState({ query, found: [] })
          toastError(error)
        }
      )
    }, query === '' ? 0 : pauseMs)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
    // What asks does not change what is found.
  }, [query])
  return { found: state.found, isAsking: state.query !== query }
}
