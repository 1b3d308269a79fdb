import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/notice.tsx'

interface Props {
  children: ReactNode
}

/** What a page shows that has broken: a fault of ours, or a part of it that could not be loaded. */
export class ErrorBoundary extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined }

  static getDerivedStateFromError (error: Error): { error: Error } {
    return { error }
  }

  override render (): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    const reload = <Button look='primary' onClick={() => { location.reload() }}>Load the page again</Button>
    return <EmptyState icon='warning' title='The page has broken' actions={reload}>{error.message}</EmptyState>
  }
}
