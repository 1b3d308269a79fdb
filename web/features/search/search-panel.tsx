import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { EmptyState, Notice, Spinner } from '../../ui/notice.tsx'
import { stepFocus } from '../../ui/step-focus.ts'
import { SearchResult } from './search-result.tsx'
import styles from './search.module.css'
import { useSearch, type Scope } from './use-search.ts'

const scopes: ReadonlyArray<{ scope: Scope, label: string }> = [{ scope: 'room', label: 'This room' }, { scope: 'all', label: 'All my rooms' }]

/** Finds messages of a room, or of all rooms of mine. */
export function SearchPanel ({ roomId }: { roomId: string }) {
  const [query, setQuery] = useState('')
  const [scope, setScope] = useState<Scope>('room')
  const { asked, found, isBusy, error, loadMore } = useSearch(query, scope, roomId)
  const input = useRef<HTMLInputElement>(null)
  const { results, cursor } = found

  // The panel takes the focus when it opens; here it belongs to the question.
  useEffect(() => {
    const frame = requestAnimationFrame(() => { input.current?.focus() })
    return () => { cancelAnimationFrame(frame) }
  }, [])

  function onKeyDown (event: KeyboardEvent<HTMLElement>): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const list = event.currentTarget.querySelector('ol')
    if (list && stepFocus(list, event.key)) event.preventDefault()
  }

  return (
    <div className={styles.search} onKeyDown={onKeyDown}>
      <div className={styles.ask}>
        <div className={styles.field}>
          <Icon name='search' size={16} />
          <input
            ref={input} type='search' className={styles.input} value={query} maxLength={200} placeholder='Words of a message' aria-label='Search messages'
            onChange={({ target }) => { setQuery(target.value) }}
          />
        </div>
        <div className={styles.scopes} role='group' aria-label='Where to search'>
          {scopes.map((one) => (
            <button
              key={one.scope} type='button' aria-pressed={scope === one.scope} className={classNames(styles.scope, scope === one.scope && styles.chosen)}
              onClick={() => { setScope(one.scope) }}
            >
              {one.label}
            </button>
          ))}
        </div>
      </div>
      <div className={styles.results} aria-busy={isBusy}>
        <p className='visually-hidden' role='status'>{asked === undefined ? '' : describe(results.length, cursor !== null)}</p>
        {error !== undefined && <Notice tone='danger'>{error}</Notice>}
        {results.length > 0 && (
          <ol aria-label='Results'>
            {results.map((result) => (
              <li key={`${result.roomId}-${result.message.seq}`}>
                <SearchResult {...result} query={query} withRoom={scope === 'all'} isBeside={result.roomId === roomId} />
              </li>
            ))}
          </ol>
        )}
        {isBusy && <Spinner label='Searching' />}
        {asked !== undefined && !isBusy && results.length === 0 && error === undefined && (
          <EmptyState icon='search' title='Nothing found'>No message has all of these words. The last one may be the beginning of a word.</EmptyState>
        )}
        {asked === undefined && query.trim() === '' && <p className={styles.hint}>All words must occur. What was deleted is not found.</p>}
        {cursor !== null && !isBusy && <Button className={styles.more} onClick={loadMore}>Older results</Button>}
      </div>
    </div>
  )
}

function describe (count: number, hasMore: boolean): string {
  if (count === 0) return 'Nothing found'
  return `${count}${hasMore ? ' or more' : ''} ${count === 1 ? 'message' : 'messages'} found`
}
