import type { Message } from '../../../../contract/index.ts'
import { useUsers } from '../../../stores/hooks.ts'
import { classNames } from '../../../ui/class-names.ts'
import { Icon } from '../../../ui/icon.tsx'
import { joinNames } from '../text/names.ts'
import { useListPlace } from './list-context.ts'
import styles from './message.module.css'

/** What others, and I, have put below a message. */
export function Reactions ({ message, tabIndex }: { message: Message, tabIndex: number }) {
  const { canSpeak, actions, userId, reactorsOf } = useListPlace()
  const users = useUsers()
  const nameOf = (id: string) => id === userId ? 'you' : users[id]?.displayName ?? 'somebody'
  return (
    <div className={styles.reactions}>
      {message.reactions.map(({ emoji, count, mine }) => {
        const who = joinNames(reactorsOf(message.seq, emoji).map(nameOf), 8)
        return (
          <button
            key={emoji} type='button' tabIndex={tabIndex} disabled={!canSpeak} aria-pressed={mine} className={classNames(styles.chip, mine && styles.mine)}
            title={who === '' ? undefined : `${who} reacted with ${emoji}`} aria-label={`${emoji} ${count}${who === '' ? '' : `, ${who}`}`}
            onClick={() => { actions.toggle(message, emoji) }}
          >
            <span className={styles.chipEmoji}>{emoji}</span> {count}
          </button>
        )
      })}
      {canSpeak && (
        <button
          type='button' tabIndex={tabIndex} className={classNames(styles.chip, styles.chipMore)} aria-label='Add a reaction' title='Add a reaction'
          onClick={({ currentTarget }) => { actions.pickEmoji(currentTarget, (emoji) => { actions.toggle(message, emoji) }) }}
        >
          <Icon name='emoji' size={15} />
        </button>
      )}
    </div>
  )
}
