import styles from './badge.module.css'

/** A number that asks for attention; its words are for those who do not see it. */
export function CountBadge ({ count, words }: { count: number, words: string }) {
  if (count === 0) return null
  return (
    <span className={styles.count}>
      <span aria-hidden='true'>{count > 99 ? '99+' : count}</span>
      <span className='visually-hidden'>, {count} {words}</span>
    </span>
  )
}

/** A word that says what something is. */
export function Tag ({ children }: { children: string }) {
  return <span className={styles.tag}>{children}</span>
}

export function Kbd ({ children }: { children: string }) {
  return <kbd className={styles.kbd}>{children}</kbd>
}
