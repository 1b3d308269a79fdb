import { createStore, type StoreApi } from 'zustand/vanilla'
import type { RoomEvent } from '../../../../contract/index.ts'
import { applyEvents, emptyView, ParleyError, type MessageView, type Room } from '../../../../sdk/index.ts'
import { isNotice, type Notice } from './notices.ts'

export interface HistoryView {
  readonly view: MessageView
  readonly notices: readonly Notice[]
  /** Whether the log begins before what is here. */
  readonly hasBefore: boolean
  /** Of the first page. */
  readonly state: 'loading' | 'ready' | 'failed'
  readonly isLoadingBefore: boolean
  /** Why the last page did not come. */
  readonly error: ParleyError | undefined
  /** The end of the log when this began: rows are counted from here. Changes only when all is void. */
  readonly anchor: number
}

/** A stretch of a room's log that reaches to its end: messages, and what else happened. */
export interface History {
  readonly store: StoreApi<HistoryView>
  /** Takes in a page of what came before. Failures are shown, not thrown. */
  loadBefore: (limit?: number) => Promise<void>
  /** Loads until a seq is here. False when it is farther away than one would wait for, or could not be loaded. */
  loadTo: (seq: number, onProgress?: (share: number) => void) => Promise<boolean>
}

const pageSize = 100
const largestPage = 500
/** Events that are loaded at most for the sake of one place. */
const farthest = 20_000

/** The SDK's room decides what is in it and when; this keeps all that it has told. */
export function createHistory (room: Pick<Room, 'seq' | 'on' | 'loadBefore'>, userId: string): History {
  let from = begin()
  let life = 0
  let loading: Promise<void> | undefined
  const store = createStore<HistoryView>(() => startView(from))

  function place (): number | undefined {
    return from
  }

  function begin (): number | undefined {
    return room.seq === undefined ? undefined : room.seq + 1
  }

  function startView (anchor = 0): HistoryView {
    return {
      view: emptyView(userId),
      notices: [],
      hasBefore: anchor !== 1,
      state: anchor === 1 ? 'ready' : 'loading',
      isLoadingBefore: false,
      error: undefined,
      anchor
    }
  }

  function learn (events: readonly RoomEvent[], more: Partial<HistoryView> = {}): void {
    const { view, notices } = store.getState()
    const news = events.filter(isNotice)
    store.setState({
      view: applyEvents(view, events),
      ...(news.length > 0 && { notices: [...notices, ...news].sort((a, b) => a.seq - b.seq) }),
      hasBefore: from !== 1,
      ...more
    })
  }

  room.on('events', (events) => {
    if (from === undefined && events[0]) start(events[0].seq)
    learn(events)
  })
  room.on('reset', ({ seq }) => {
    life++
    from = seq + 1
    store.setState(startView(from))
    void loadBefore()
  })
  // A room that was only just entered says a moment later where its log ends.
  room.on('change', () => {
    if (from === undefined) queueMicrotask(() => { if (from === undefined) void loadBefore() })
  })

  function start (seq: number): void {
    from = seq
    store.setState(startView(seq))
  }

  async function loadBefore (limit = pageSize): Promise<void> {
    loading ??= load(limit).finally(() => { loading = undefined })
    await loading
  }

  async function load (limit: number): Promise<void> {
    const end = begin()
    if (from === undefined && end !== undefined) start(end)
    if (from === undefined || from === 1) return
    const asked = life
    store.setState({ isLoadingBefore: true, error: undefined })
    try {
      const events = await room.loadBefore(from, limit)
      if (asked !== life) return
      from = events[0]?.seq ?? 1
      learn(events, { state: 'ready', isLoadingBefore: false })
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      if (asked === life) store.setState(({ state }) => ({ state: state === 'loading' ? 'failed' : state, isLoadingBefore: false, error }))
    }
  }

  async function loadTo (seq: number, onProgress: (share: number) => void = () => {}): Promise<boolean> {
    if (from === undefined) await loadBefore()
    const begun = place()
    if (begun === undefined || begun - seq > farthest) return false
    for (let now = begun; now > seq;) {
      await loadBefore(Math.min(largestPage, Math.max(pageSize, now - seq + 20)))
      const next = place() ?? now
      if (next >= now) return false
      now = next
      onProgress((begun - now) / Math.max(1, begun - seq))
    }
    return true
  }

  return { store, loadBefore, loadTo }
}

const histories = new WeakMap<Room, History>()

/** One for each room, as long as the room is one of whoever is signed in: going back to a room shows it at once. */
export function historyOf (room: Room, userId: string): History {
  const known = histories.get(room)
  if (known) return known
  const history = createHistory(room, userId)
  histories.set(room, history)
  return history
}

/** Who stands behind a reaction, in the order in which they came. */
export function reactorsOf ({ facts }: MessageView, seq: number, emoji: string): string[] {
  return [...facts.get(seq)?.reactions.values() ?? []]
    .filter(({ type, data }) => type === 'reaction.added' && data.emoji === emoji)
    .sort((a, b) => a.seq - b.seq)
    .map(({ actorId }) => actorId)
}
