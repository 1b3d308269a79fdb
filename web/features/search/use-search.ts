import { useCallback, useEffect, useRef, useState } from 'react'
import type { Message } from '../../../contract/index.ts'
import { ParleyError } from '../../../sdk/index.ts'
import { useParley } from '../../stores/context.ts'

export type Scope = 'room' | 'all'

export interface Found {
  readonly results: ReadonlyArray<{ readonly message: Message, readonly roomId: string }>
  /** Where the next page begins; null at the end. */
  readonly cursor: string | null
}

interface SearchState {
  /** What these were found by; undefined before anything was. */
  readonly asked: string | undefined
  readonly found: Found
  readonly isBusy: boolean
  readonly error: string | undefined
}

const pauseMs = 250
const nothing: Found = { results: [], cursor: null }

/** Asks as one types, and page after page. An answer to what is not asked any more counts for nothing. */
export function useSearch (query: string, scope: Scope, roomId: string): SearchState & { loadMore: () => void } {
  const parley = useParley()
  const [state, setState] = useState<SearchState>({ asked: undefined, found: nothing, isBusy: false, error: undefined })
  const turn = useRef(0)
  const words = query.trim()
  const place = scope === 'room' ? roomId : undefined

  const ask = useCallback(async (cursor: string | undefined, before: Found) => {
    const mine = ++turn.current
    setState((state) => ({ ...state, isBusy: true, error: undefined }))
    try {
      const page = place === undefined
        ? await parley.search(words, cursor === undefined ? {} : { cursor })
        : await parley.rooms.get(place).search(words, cursor === undefined ? {} : { before: Number(cursor) })
      if (mine !== turn.current) return
      setState({ asked: words, found: { results: [...before.results, ...page.results], cursor: page.cursor }, isBusy: false, error: undefined })
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      if (mine === turn.current) setState((state) => ({ ...state, isBusy: false, error: error.message }))
    }
  }, [parley, place, words])

  useEffect(() => {
    turn.current++
    setState((state) => ({ asked: undefined, found: words === '' ? nothing : state.found, isBusy: words !== '', error: undefined }))
    if (words === '') return
    const timer = setTimeout(() => { void ask(undefined, nothing) }, pauseMs)
    return () => { clearTimeout(timer) }
  }, [ask, words])

  return { ...state, loadMore: () => { if (state.found.cursor !== null && !state.isBusy) void ask(state.found.cursor, state.found) } }
}
