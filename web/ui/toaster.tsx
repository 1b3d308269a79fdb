import { useStore } from 'zustand'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import { dismissToast, toastStore } from './toasts.ts'
import styles from './toaster.module.css'

/** Where toasts appear, and are read out. */
export function Toaster () {
  const toasts = useStore(toastStore, (state) => state.toasts)
  return (
    <div className={styles.toaster} role='status' aria-live='polite'>
      {toasts.map(({ id, text, isError }) => (
        <div key={id} className={classNames(styles.toast, isError && styles.error)}>
          <span>{text}</span>
          <IconButton icon='close' label='Dismiss' className={styles.close} onClick={() => { dismissToast(id) }} />
        </div>
      ))}
    </div>
  )
}
