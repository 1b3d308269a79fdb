import { useCallback, useEffect, useState, type RefObject } from 'react'
import { useLocation, useSearchParams } from 'react-router'
import { toast } from '../../ui/toasts.ts'
import type { History, HistoryView } from './history/history.ts'
import { indexOfSeq, type Row } from './history/rows.ts'
import type { MessageListHandle } from './list/message-list.tsx'

/** What is before a message is seen with it. */
const around = 30

/** Going to a message: by a quote, or by the page's address (`?seq=`). What is between it and here is loaded first. */
export function useGoing (history: History, { hasBefore, state }: HistoryView, rows: readonly Row[], list: RefObject<MessageListHandle | null>) {
  const [goal, setGoal] = useState<number>()
  /** How much of the way is loaded, from 0 to 1. */
  const [share, setShare] = useState<number>()

  const goTo = useCallback((seq: number) => {
    setGoal(seq)
    setShare(0)
    void history.loadTo(Math.max(1, seq - around), setShare).then((isFound) => {
      setShare(undefined)
      if (isFound) return
      setGoal(undefined)
      toast('This message is too far back to be shown here.', { isError: true })
    })
  }, [history])

  const first = rows.find((row) => 'seq' in row)
  const isHere = goal !== undefined && state === 'ready' && (!hasBefore || (first !== undefined && 'seq' in first && first.seq <= goal))
  useEffect(() => {
    if (!isHere || goal === undefined) return
    const frame = requestAnimationFrame(() => {
      if (indexOfSeq(rows, goal) !== -1) list.current?.flash(goal)
      setGoal(undefined)
    })
    return () => { cancelAnimationFrame(frame) }
  }, [isHere, goal, rows, list])

  const [params] = useSearchParams()
  const { key } = useLocation()
  const wanted = Number(params.get('seq'))
  const isReady = state === 'ready'
  useEffect(() => { if (isReady && Number.isSafeInteger(wanted) && wanted > 0) goTo(wanted) }, [isReady, wanted, key, goTo])

  return { goTo, share }
}
