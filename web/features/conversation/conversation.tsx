import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Attachment, Message } from '../../../contract/index.ts'
import { useAccount, useMyRole, useRoom, useRoomHandle } from '../../stores/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { EmptyState, Spinner } from '../../ui/notice.tsx'
import { Announcer } from './announcer.tsx'
import { Composer, type ComposerHandle } from './composer/composer.tsx'
import composerStyles from './composer/composer.module.css'
import { useSilence } from './composer/speaking.ts'
import { useUploads } from './composer/use-uploads.ts'
import styles from './conversation.module.css'
import { DeleteDialog } from './delete-dialog.tsx'
import { EmojiPopover } from './emoji/emoji-popover.tsx'
import { historyOf, reactorsOf } from './history/history.ts'
import { buildRows } from './history/rows.ts'
import { foresee, unsentOf } from './history/unsent.ts'
import { Lightbox } from './list/lightbox.tsx'
import { ListContext, type ListActions, type ListPlace } from './list/list-context.ts'
import { MessageList, type MessageListHandle } from './list/message-list.tsx'
import { TypingLine } from './typing-line.tsx'
import { useDraft } from './use-draft.ts'
import { useDrop } from './use-drop.ts'
import { useGoing } from './use-going.ts'
import { usePending, useReading, useWindowFocus } from './use-room-state.ts'

/** Above what is unread there is something that is known already. */
const firstPage = 60
const largestPage = 500

/** The messages of a room, and where one writes. */
export function Conversation ({ roomId }: { roomId: string }) {
  const room = useRoomHandle(roomId)
  const { id: userId } = useAccount()
  const summary = useRoom(roomId)
  const role = useMyRole(roomId)
  const silence = useSilence(roomId)
  const history = historyOf(room, userId)
  const view = useStore(history.store)
  const pending = usePending(room)
  const list = useRef<MessageListHandle>(null)
  const composer = useRef<ComposerHandle>(null)
  const [isAtBottom, setAtBottom] = useState(false)
  const isFocused = useWindowFocus()
  const isReady = view.state === 'ready'

  useEffect(() => {
    if (history.store.getState().state !== 'ready') void history.loadBefore(Math.min(largestPage, firstPage + room.lastSeq - room.readSeq))
  }, [history, room])

  // Whoever has a keyboard wants to write at once; elsewhere the keyboard would cover what one came for.
  useEffect(() => { if (matchMedia('(pointer: fine)').matches) composer.current?.focus() }, [])

  const isDirect = summary?.kind === 'direct'
  const messages = useMemo(() => foresee(view.view.messages, pending), [view.view, pending])
  const lastSeq = messages.at(-1)?.seq ?? 0
  const { newAfter, clearNew } = useReading(room, { unread: summary?.unread ?? 0, isSeen: isReady && isAtBottom && isFocused, lastSeq })
  const { notices, hasBefore, anchor } = view
  const rows = useMemo(() => buildRows({
    messages, notices: isDirect ? [] : notices, unsent: unsentOf(pending), hasBefore, newAfter, userId, anchor
  }), [messages, notices, isDirect, pending, hasBefore, newAfter, userId, anchor])

  const [draft, setDraft] = useDraft(roomId, userId)
  const [edit, setEdit] = useState<{ message: Message, text: string }>()
  const upload = useCallback((file: File) => room.upload(file), [room])
  const { uploads, add: addFiles, remove: removeFile, clear: clearFiles } = useUploads(upload)
  const { isOver, handlers } = useDrop(addFiles, silence === undefined && !edit)
  const { goTo, share } = useGoing(history, view, rows, list)

  const [doomed, setDoomed] = useState<Message>()
  const [shown, setShown] = useState<Attachment>()
  const [picking, setPicking] = useState<{ anchor: Element, onPick: (emoji: string) => void }>()

  const actions = useMemo((): ListActions => ({
    reply: ({ seq }) => {
      setEdit(undefined)
      setDraft({ replyTo: seq })
      composer.current?.focus()
    },
    edit: (message) => { setEdit({ message, text: message.text ?? '' }) },
    remove: setDoomed,
    toggle: ({ seq, reactions }, emoji) => {
      const isMine = reactions.some((one) => one.emoji === emoji && one.mine)
      void (isMine ? room.unreact(seq, emoji) : room.react(seq, emoji))
    },
    pickEmoji: (anchor, onPick) => { setPicking({ anchor, onPick }) },
    goTo,
    show: setShown,
    retry: (id) => { room.retry(id) },
    discard: (id) => { room.discard(id) },
    leave: () => { composer.current?.focus() }
  }), [room, goTo, setDraft])

  const bySeq = useMemo(() => new Map(messages.map((message) => [message.seq, message])), [messages])
  const isArchived = summary?.archivedAt != null
  const place = useMemo((): ListPlace => ({
    roomId,
    userId,
    canSpeak: silence === undefined,
    canModerate: !isDirect && !isArchived && (role === 'owner' || role === 'admin'),
    actions,
    reactorsOf: (seq, emoji) => reactorsOf(view.view, seq, emoji),
    messageOf: (seq) => bySeq.get(seq),
    urlOf: (attachment, options) => room.attachmentUrl(attachment, options)
  }), [room, roomId, userId, silence, isDirect, isArchived, role, actions, view.view, bySeq])

  function send (): void {
    if (edit) {
      const text = edit.text.trim()
      if (text !== edit.message.text) void room.edit(edit.message.seq, text)
      setEdit(undefined)
      return
    }
    const attachmentIds = uploads.flatMap(({ attachment }) => attachment ? [attachment.id] : [])
    const options = { ...(draft.replyTo !== undefined && { replyTo: draft.replyTo }), ...(attachmentIds.length > 0 && { attachmentIds }) }
    void room.send(draft.text.trim(), options)
    setDraft({ text: '', replyTo: undefined })
    clearFiles()
    clearNew()
    requestAnimationFrame(() => { list.current?.toBottom() })
  }

  function editLast (): void {
    const mine = messages.findLast(({ authorId, text }) => authorId === userId && text !== null)
    if (mine) actions.edit(mine)
  }

  return (
    <ListContext value={place}>
      <section className={styles.conversation} aria-label='Conversation' {...handlers}>
        {isReady
          ? (
            <MessageList
              key={anchor} ref={list} label={`Messages in ${summary?.title ?? 'this room'}`} rows={rows} anchor={anchor}
              isLoadingBefore={view.isLoadingBefore} newCount={summary?.unread ?? 0} onBottom={setAtBottom}
              onLoadBefore={() => { if (hasBefore) void history.loadBefore() }}
            />
            )
          : <div className={styles.waiting}>{view.state === 'failed' ? <Failed message={view.error?.message} onRetry={() => { void history.loadBefore() }} /> : <Spinner label='Loading messages' />}</div>}
        {share !== undefined && share < 1 && <p className={styles.seeking} role='status'>Going back to the message… {Math.round(share * 100)}%</p>}
        <TypingLine room={room} />
        {silence === undefined
          ? (
            <Composer
              ref={composer} roomId={roomId} title={summary?.title ?? ''} text={edit?.text ?? draft.text}
              onText={(text) => { if (edit) setEdit({ ...edit, text }); else setDraft({ text }) }}
              editing={edit?.message} replyingTo={edit ? undefined : draft.replyTo} onSend={send} onEditLast={editLast}
              onLeaveMode={() => { if (edit) setEdit(undefined); else setDraft({ replyTo: undefined }) }} onTyping={() => { room.startTyping() }}
              uploads={uploads} onFiles={addFiles} onRemoveFile={removeFile} pickEmoji={actions.pickEmoji}
            />
            )
          : <p className={composerStyles.silence}><Icon name='info' /> {silence}</p>}
        {isOver && <div className={styles.drop}><Icon name='paperclip' size={26} /> Drop files to send them</div>}
        <Announcer messages={messages} userId={userId} />
      </section>
      {doomed && (
        <DeleteDialog
          message={doomed} onClose={() => { setDoomed(undefined) }}
          onDelete={() => {
            void room.delete(doomed.seq)
            setDoomed(undefined)
          }}
        />
      )}
      {shown && <Lightbox url={room.attachmentUrl(shown)} attachment={shown} onClose={() => { setShown(undefined) }} />}
      {picking && <EmojiPopover anchor={picking.anchor} onPick={(emoji) => { picking.onPick(emoji) }} onClose={() => { setPicking(undefined) }} />}
    </ListContext>
  )
}

function Failed ({ message, onRetry }: { message: string | undefined, onRetry: () => void }) {
  return <EmptyState icon='warning' title='The messages could not be loaded' actions={<Button onClick={onRetry}>Try again</Button>}>{message}</EmptyState>
}
