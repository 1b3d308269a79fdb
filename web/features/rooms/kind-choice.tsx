import { Icon } from '../../ui/icon.tsx'
import styles from './rooms.module.css'

const kinds = [
  { value: 'public', icon: 'hash', name: 'Public', words: 'Everybody here can find it and join.' },
  { value: 'private', icon: 'lock', name: 'Private', words: 'Only those who are added or invited.' }
] as const

export function KindChoice () {
  return (
    <fieldset className={styles.kinds}>
      <legend>Who may come in</legend>
      {kinds.map(({ value, icon, name, words }, index) => (
        <label key={value} className={styles.kind}>
          <input type='radio' name='kind' value={value} defaultChecked={index === 0} />
          <Icon name={icon} />
          <span><strong>{name}</strong><br />{words}</span>
        </label>
      ))}
    </fieldset>
  )
}
