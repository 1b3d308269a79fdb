import { Link } from 'react-router'
import { EmptyState } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'

export function NotFoundPage () {
  return (
    <>
      <PageHeader title='Nothing here' />
      <EmptyState icon='compass' title='There is no such page' actions={<Link to='/'>To your rooms</Link>} />
    </>
  )
}
