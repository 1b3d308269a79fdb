import { useCallback, useEffect, useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref } from 'react'
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso'
import { Icon } from '../../../ui/icon.tsx'
import { countBefore, indexOfSeq, type Row } from '../history/rows.ts'
import styles from './list.module.css'
import { useListPlace } from './list-context.ts'
import { RowView } from './row-view.tsx'
import { useStickiness } from './use-stickiness.ts'

export interface MessageListHandle {
  toBottom: () => void
  /** Shows the row of a seq, and marks it for a moment. */
  flash: (seq: number) => void
}

interface MessageListProps {
  ref: Ref<MessageListHandle>
  label: string
  rows: readonly Row[]
  anchor: number
  isLoadingBefore: boolean
  /** Messages of others that are below what is seen. */
  newCount: number
  onLoadBefore: () => void
  onBottom: (isAtBottom: boolean) => void
}

/** Room for everything that may ever be put in front. */
const base = 1_000_000_000
const flashMs = 2000
/** Rows that have not been measured are guessed: a first leap may miss. */
const leaps = { count: 6, everyMs: 150 }
const lines = { top: 1200, bottom: 600 }

/** The rows of a conversation: only those near the window are there. */
export function MessageList ({ ref, label, rows, anchor, isLoadingBefore, newCount, onLoadBefore, onBottom }: MessageListProps) {
  const { actions } = useListPlace()
  const list = useRef<VirtuosoHandle>(null)
  const frame = useRef<HTMLDivElement>(null)
  const { isAtBottom, isStuck, unstick, stickiness, handlers } = useStickiness(list, onBottom)
  const [flashing, setFlashing] = useState<string>()
  const [chosen, setChosen] = useState<string>()
  const [start] = useState(() => startOf(rows))

  const lastKey = rows.findLast(isMessage)?.key
  const activeKey = chosen !== undefined && rows.some(({ key }) => key === chosen) ? chosen : lastKey

  useEffect(() => {
    if (flashing === undefined) return
    const timer = setTimeout(() => { setFlashing(undefined) }, flashMs)
    return () => { clearTimeout(timer) }
  }, [flashing])

  const rowsNow = useRef(rows)
  useEffect(() => { rowsNow.current = rows }, [rows])

  const leaping = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => { clearTimeout(leaping.current) }, [])
  const leap = useCallback((seq: number, left: number) => {
    const index = indexOfSeq(rowsNow.current, seq)
    list.current?.scrollToIndex({ index, align: 'center' })
    leaping.current = setTimeout(() => {
      if (left > 1 && !isInSight(frame.current, rowsNow.current[index]?.key)) leap(seq, left - 1)
    }, leaps.everyMs)
  }, [])

  useImperativeHandle(ref, () => ({
    toBottom: stickiness.toBottom,
    flash: (seq) => {
      const row = rowsNow.current[indexOfSeq(rowsNow.current, seq)]
      if (!row) return
      unstick()
      setFlashing(row.key)
      clearTimeout(leaping.current)
      leap(seq, leaps.count)
    }
  }), [stickiness, unstick, leap])

  function focusRow (index: number): void {
    const row = rows[index]
    if (!row) return
    setChosen(row.key)
    unstick()
    list.current?.scrollIntoView({
      index,
      done: () => { frame.current?.querySelector<HTMLElement>(`article[data-key="${CSS.escape(row.key)}"]`)?.focus() }
    })
  }

  function onKeyDown (event: KeyboardEvent): void {
    const article = (event.target as Element).closest('article')
    if (!article) return
    const isInside = event.target !== article
    if (event.key === 'Escape') {
      event.preventDefault()
      if (isInside) article.focus()
      else actions.leave()
      return
    }
    if (isInside) return
    const index = rows.findIndex(({ key }) => key === article.dataset.key)
    const target = stepRow(rows, index, event.key)
    if (target === undefined) return
    event.preventDefault()
    focusRow(target)
  }

  return (
    <div
      ref={frame} className={styles.frame} onKeyDown={onKeyDown} {...handlers}
      onFocus={({ target }) => { setChosen(target.closest<HTMLElement>('article')?.dataset.key) }}
    >
      <Virtuoso
        ref={list}
        className={styles.scroller}
        role='log' aria-live='off' aria-label={label} tabIndex={-1}
        data={rows}
        firstItemIndex={base - countBefore(rows, anchor)}
        initialTopMostItemIndex={start}
        computeItemKey={(_, { key }) => key}
        itemContent={(_, row) => <RowView row={row} isActive={row.key === activeKey} isFlashing={row.key === flashing} />}
        increaseViewportBy={lines} defaultItemHeight={30}
        atBottomThreshold={48}
        followOutput={isStuck}
        atBottomStateChange={stickiness.onBottom}
        totalListHeightChanged={stickiness.onHeight}
        startReached={onLoadBefore}
        alignToBottom
        components={parts}
      />
      {isLoadingBefore && <div className={styles.loading} role='status'><span className='visually-hidden'>Loading older messages</span></div>}
      {!isAtBottom && (
        <button type='button' className={styles.jump} onClick={() => { stickiness.toBottom() }}>
          <Icon name='arrowDown' size={16} /> {newCount > 0 ? `${newCount} new` : 'To the newest'}
        </button>
      )}
    </div>
  )
}

function isInSight (frame: HTMLElement | null, key = ''): boolean {
  const row = frame?.querySelector(`article[data-key="${CSS.escape(key)}"]`)?.getBoundingClientRect()
  const window = frame?.getBoundingClientRect()
  return row !== undefined && window !== undefined && row.bottom > window.top && row.top < window.bottom
}

const parts = { Footer: () => <div className={styles.end} /> }

function isMessage ({ kind }: Row): boolean {
  return kind === 'message' || kind === 'unsent'
}

/** At what is new, when there is anything new; else at the end. */
function startOf (rows: readonly Row[]) {
  const index = rows.findIndex((row) => row.kind === 'message' && row.opensNew)
  return index === -1 ? { index: rows.length - 1, align: 'end' as const } : { index, align: 'start' as const, offset: -80 }
}

function stepRow (rows: readonly Row[], from: number, key: string): number | undefined {
  const step = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0
  if (step !== 0) {
    for (let index = from + step; index >= 0 && index < rows.length; index += step) {
      const row = rows[index]
      if (row && isMessage(row)) return index
    }
    return undefined
  }
  if (key === 'Home') return rows.findIndex(isMessage)
  return key === 'End' ? rows.findLastIndex(isMessage) : undefined
}
