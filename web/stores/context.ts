import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Session, SessionView } from './session-store.ts'

export const SessionContext = createContext<Session | undefined>(undefined)

function useSession (): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('There is no SessionContext around this component.')
  return session
}

/** The one client of this page: for what one does. What one shows comes from the hooks. */
export function useParley () {
  return useSession().parley
}

/** Signing in and out, and people and members that are looked up once for all. */
export function useSessionTools () {
  return useSession()
}

export function useSessionView<T> (select: (view: SessionView) => T): T {
  return useStore(useSession().store, select)
}
