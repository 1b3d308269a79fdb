import styles from './entrance.module.css'

export function Logo () {
  return (
    <span className={styles.logo}>
      <svg viewBox='0 0 32 32' width='34' height='34' aria-hidden='true'>
        <rect width='32' height='32' rx='8' fill='currentColor' />
        <path d='M9 8.5h14a2.5 2.5 0 0 1 2.5 2.5v8a2.5 2.5 0 0 1-2.5 2.5h-6.2L11 26v-4.5H9A2.5 2.5 0 0 1 6.5 19v-8A2.5 2.5 0 0 1 9 8.5z' fill='var(--on-accent)' />
      </svg>
      Parley
    </span>
  )
}
