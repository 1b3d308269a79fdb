import { useConnection } from '../stores/hooks.ts'
import { useSessionView } from '../stores/context.ts'
import { Dialog } from '../ui/dialog.tsx'
import { toMoment } from '../ui/time.ts'
import { Tag } from '../ui/badge.tsx'
import styles from './node-dialog.module.css'

/** Which nodes this page has been connected to since it was opened. */
export function NodeDialog ({ onClose }: { onClose: () => void }) {
  const { node, state } = useConnection()
  const visits = useSessionView((view) => view.visits)
  return (
    <Dialog title='Nodes' onClose={onClose}>
      <p>
        {state === 'online' ? <>You are connected to <strong>{node}</strong>.</> : <>You were last connected to <strong>{node}</strong>.</>}{' '}
        Every node serves every room: when one goes away, the page goes on with another and misses nothing.
      </p>
      <ul className={styles.visits}>
        {visits.map(({ node: name, at }, index) => (
          <li key={at}>
            <span><strong>{name}</strong> {index === 0 && state === 'online' && <Tag>now</Tag>}</span>
            <span className={styles.faint}>since {toMoment(at)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
