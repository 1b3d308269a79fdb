import { useContext, type ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { DrawerContext } from './drawer.ts'
import styles from './page.module.css'

interface PageHeaderProps {
  title: ReactNode
  /** What stands before the title. */
  mark?: ReactNode
  /** What stands below the title, in small. */
  detail?: ReactNode
  actions?: ReactNode
}

/** The bar at the top of a page; on a narrow window it has the way to the rooms. */
export function PageHeader ({ title, mark, detail, actions }: PageHeaderProps) {
  const openDrawer = useContext(DrawerContext)
  return (
    <header className={styles.header}>
      <IconButton icon='menu' label='Rooms' className={styles.drawerButton} onClick={openDrawer} />
      {mark}
      <div className={styles.heading}>
        <h1>{title}</h1>
        {detail !== undefined && detail !== '' && <p>{detail}</p>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}

/** A page that scrolls as a whole, its content in one column. */
export function Page ({ header, children }: { header: ReactNode, children: ReactNode }) {
  return (
    <div className={styles.page}>
      {header}
      <div className={styles.scroller}><div className={styles.column}>{children}</div></div>
    </div>
  )
}

/** A part of a page with a heading. */
export function Section ({ title, hint, children }: { title: string, hint?: ReactNode, children: ReactNode }) {
  return (
    <section className={styles.section}>
      <div>
        <h2>{title}</h2>
        {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      </div>
      {children}
    </section>
  )
}
