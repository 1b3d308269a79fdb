import { useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import { IconButton } from './button.tsx'
import styles from './dialog.module.css'

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Its buttons. */
  actions?: ReactNode
}

/** The browser by itself would begin with the button that closes it: that one stands first. */
const firstOfContent = 'header ~ * :is(input, select, textarea, button, a[href]):not(:disabled)'

/** Above everything: keeps the focus inside, gives it back, closes with Esc and by a click beside it. */
export function Dialog ({ title, onClose, children, actions }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    dialog?.querySelector<HTMLElement>(firstOfContent)?.focus()
    return () => { dialog?.close() }
  }, [])

  return (
    <dialog
      ref={ref} className={styles.dialog} aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={(event) => { if (event.target === ref.current) onClose() }}
    >
      <div className={styles.body}>
        <header className={styles.header}>
          <h2 id={titleId}>{title}</h2>
          <IconButton icon='close' label='Close' onClick={onClose} />
        </header>
        <div className={styles.content}>{children}</div>
        {actions !== undefined && <footer className={styles.actions}>{actions}</footer>}
      </div>
    </dialog>
  )
}
