import { createContext, useContext } from 'react'
import type { Attachment, Message } from '../../../../contract/index.ts'

/** What one can do from within the list. The same object as long as the conversation stands. */
export interface ListActions {
  reply: (message: Message) => void
  edit: (message: Message) => void
  remove: (message: Message) => void
  toggle: (message: Message, emoji: string) => void
  pickEmoji: (anchor: Element, onPick: (emoji: string) => void) => void
  goTo: (seq: number) => void
  show: (attachment: Attachment) => void
  retry: (id: string) => void
  discard: (id: string) => void
  /** Back to where one writes. */
  leave: () => void
}

export interface ListPlace {
  readonly roomId: string
  readonly userId: string
  /** May I write here, and react? */
  readonly canSpeak: boolean
  /** May I delete what others wrote? */
  readonly canModerate: boolean
  readonly actions: ListActions
  /** Who stands behind a reaction, as far as that is known. */
  readonly reactorsOf: (seq: number, emoji: string) => readonly string[]
  readonly messageOf: (seq: number) => Message | undefined
  readonly urlOf: (attachment: Attachment, options?: { thumbnail?: boolean }) => string
}

export const ListContext = createContext<ListPlace | undefined>(undefined)

export function useListPlace (): ListPlace {
  const place = useContext(ListContext)
  if (!place) throw new Error('There is no ListContext around this component.')
  return place
}
