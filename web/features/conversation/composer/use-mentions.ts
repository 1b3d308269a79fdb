import { useMemo, useState, type KeyboardEvent } from 'react'
import type { User } from '../../../../contract/index.ts'
import { useAccount, useMembers, useUsers } from '../../../stores/hooks.ts'
import { findMention, rankPeople } from './completion.ts'

/** Completion of members after an `@`. */
export function useMentions (roomId: string, text: string, caret: number, onChoose: (user: User) => void) {
  const { members } = useMembers(roomId)
  const users = useUsers()
  const { id: myId } = useAccount()
  const [step, setStep] = useState(0)
  /** Esc closes it for the mention that begins here. */
  const [dismissed, setDismissed] = useState<number>()

  const mention = useMemo(() => findMention(text, caret), [text, caret])
  const people = useMemo(() => {
    if (!mention || mention.start === dismissed) return []
    const others = Object.keys(members).flatMap((id) => id !== myId && users[id] ? [users[id]] : [])
    return rankPeople(others, mention.query)
  }, [mention, dismissed, members, users, myId])

  const active = people.length === 0 ? 0 : ((step % people.length) + people.length) % people.length
  const keys: Partial<Record<string, () => void>> = {
    ArrowDown: () => { setStep(active + 1) },
    ArrowUp: () => { setStep(active - 1) },
    Enter: choose,
    Tab: choose,
    Escape: () => { setDismissed(mention?.start) }
  }

  function choose (): void {
    const user = people[active]
    setStep(0)
    if (user) onChoose(user)
  }

  return {
    people,
    active,
    mention,
    /** Says whether the key was for the list. */
    onKeyDown (event: KeyboardEvent): boolean {
      const act = people.length > 0 && !event.shiftKey ? keys[event.key] : undefined
      if (act) event.preventDefault()
      act?.()
      return act !== undefined
    }
  }
}
