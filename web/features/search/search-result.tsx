import { Link } from 'react-router'
import type { Message } from '../../../contract/index.ts'
import { useRoom, useUser } from '../../stores/hooks.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { toMoment } from '../../ui/time.ts'
import { excerpt } from './excerpt.ts'
import styles from './search.module.css'

interface SearchResultProps {
  message: Message
  roomId: string
  query: string
  withRoom: boolean
  /** Whether it is of the room beside which the results stand. */
  isBeside: boolean
}

/** One message that was found; leads to where it stands. */
export function SearchResult ({ message: { authorId, at, text, seq }, roomId, query, withRoom, isBeside }: SearchResultProps) {
  const author = useUser(authorId)
  const room = useRoom(roomId)
  const name = author?.displayName ?? '…'
  // Where the panel covers the room, it would cover what was found.
  const isWide = matchMedia('(width >= 1000px)').matches
  return (
    <Link className={styles.result} to={`/rooms/${roomId}${isWide ? '/search' : ''}?seq=${seq}`} replace={isBeside}>
      <Avatar id={authorId} name={name} size='small' />
      <span className={styles.head}>
        <strong>{name}</strong>
        <time dateTime={at}>{toMoment(at)}</time>
      </span>
      {withRoom && <span className={styles.room}>in {room?.title ?? 'a room'}</span>}
      <span className={styles.excerpt}>
        {excerpt(text ?? '', query).map((piece, index) => piece.isHit ? <mark key={index}>{piece.text}</mark> : piece.text)}
      </span>
    </Link>
  )
}
