import { useEffect, useState } from 'react'
import type { CallAnswer } from '../../sdk/index.ts'
import { useParley, useSessionView } from '../stores/context.ts'
import { useConnection } from '../stores/hooks.ts'
import { Tag } from '../ui/badge.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { toMoment } from '../ui/time.ts'
import styles from './node-dialog.module.css'

type NodeSummary = CallAnswer<'listNodes'>['nodes'][number]

/** While it is looked at. */
const refreshMs = 3000

/** The nodes of the cluster, and which of them this page has been connected to. */
export function NodeDialog ({ onClose }: { onClose: () => void }) {
  const { node, state } = useConnection()
  const visits = useSessionView((view) => view.visits)
  const nodes = useNodes()
  const isOnline = state === 'online'
  return (
    <Dialog title='Nodes' onClose={onClose}>
      <p>
        You {isOnline ? 'are' : 'were last'} connected to <strong>{node}</strong>. Every node serves every room: when one goes
        away, the page goes on with another and misses nothing.
      </p>
      {nodes && (
        <section>
          <h3 className={styles.heading}>Alive now</h3>
          <ul className={styles.list}>
            {nodes.map(({ name, connections }) => (
              <li key={name}>
                <span><strong>{name}</strong> {isOnline && name === node && <Tag>You are here</Tag>}</span>
                <span className={styles.faint}>{connections} {connections === 1 ? 'connection' : 'connections'}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3 className={styles.heading}>Since this page was opened</h3>
        <ul className={styles.list}>
          {visits.map(({ node: name, at }) => (
            <li key={at}><strong>{name}</strong><span className={styles.faint}>from {toMoment(at)}</span></li>
          ))}
        </ul>
      </section>
    </Dialog>
  )
}

/** Asked again and again; undefined until there has been an answer. */
function useNodes (): readonly NodeSummary[] | undefined {
  const parley = useParley()
  const [nodes, setNodes] = useState<readonly NodeSummary[]>()
  useEffect(() => {
    // Without an answer the last one stands; the bar above the page says how it is with the connection.
    const ask = () => { parley.call('listNodes').then((answer) => { setNodes(answer.nodes) }, () => {}) }
    ask()
    const timer = setInterval(ask, refreshMs)
    return () => { clearInterval(timer) }
  }, [parley])
  return nodes
}
