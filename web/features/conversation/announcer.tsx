import { useEffect, useRef, useState } from 'react'
import type { Message } from '../../../contract/index.ts'
import { useUsers } from '../../stores/hooks.ts'
import { summarize } from './list/quote.tsx'

interface AnnouncerProps {
  messages: readonly Message[]
  userId: string
}

/** Reads out what others write while one is here. */
export function Announcer ({ messages, userId }: AnnouncerProps) {
  const users = useUsers()
  const last = messages.at(-1)
  const heard = useRef<number>(undefined)
  const [said, setSaid] = useState<Message>()

  useEffect(() => {
    if (!last) return
    const isNews = heard.current !== undefined && last.seq > heard.current && last.authorId !== userId
    heard.current = Math.max(heard.current ?? 0, last.seq)
    if (isNews) setSaid(last)
  }, [last, userId])

  return (
    <div className='visually-hidden' aria-live='polite'>
      {said && `${users[said.authorId]?.displayName ?? 'Somebody'}: ${summarize(said)}`}
    </div>
  )
}
