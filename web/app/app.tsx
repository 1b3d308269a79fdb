import { HashRouter } from 'react-router'
import { SessionContext } from '../stores/context.ts'
import type { Session } from '../stores/session-store.ts'
import { Toaster } from '../ui/toaster.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { AppRoutes } from './routes.tsx'

export function App ({ session }: { session: Session }) {
  return (
    <SessionContext value={session}>
      <ErrorBoundary>
        <HashRouter>
          <AppRoutes />
        </HashRouter>
      </ErrorBoundary>
      <Toaster />
    </SessionContext>
  )
}
