import { EmptyState } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'

export function HomePage () {
  return (
    <>
      <PageHeader title='Parley' />
      <EmptyState icon='message' title='Welcome' />
    </>
  )
}
