import type { ReactNode } from 'react'
import styles from './entrance.module.css'
import { Logo } from './logo.tsx'

/** The frame of every page that one sees without being signed in. */
export function Entrance ({ title, children, footer }: { title: string, children: ReactNode, footer?: ReactNode }) {
  return (
    <main className={styles.entrance}>
      <div className={styles.card}>
        <Logo />
        <h1>{title}</h1>
        {children}
      </div>
      {footer !== undefined && <p className={styles.footer}>{footer}</p>}
    </main>
  )
}
