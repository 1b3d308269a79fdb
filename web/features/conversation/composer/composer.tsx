import { useEffect, useId, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type Ref } from 'react'
import type { Message, User } from '../../../../contract/index.ts'
import { useConnection } from '../../../stores/hooks.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { About } from './about.tsx'
import { completeMention } from './completion.ts'
import styles from './composer.module.css'
import { MentionList } from './mention-list.tsx'
import { UploadTray } from './upload-tray.tsx'
import { useMentions } from './use-mentions.ts'
import type { Upload } from './use-uploads.ts'

export interface ComposerHandle {
  focus: () => void
}

export interface ComposerProps {
  ref: Ref<ComposerHandle>
  roomId: string
  title: string
  text: string
  onText: (text: string) => void
  /** What is being changed, or answered. */
  editing: Message | undefined
  replyingTo: number | undefined
  onLeaveMode: () => void
  onSend: () => void
  /** ArrowUp where nothing is written. */
  onEditLast: () => void
  onTyping: () => void
  uploads: readonly Upload[]
  onFiles: (files: Iterable<File>) => void
  onRemoveFile: (key: number) => void
  pickEmoji: (anchor: Element, onPick: (emoji: string) => void) => void
}

const longest = 4000
const nearTheEnd = 300

/** Where one writes. */
export function Composer (props: ComposerProps) {
  const { ref, roomId, title, text, onText, editing, replyingTo, onLeaveMode, onSend, onEditLast, onTyping, uploads, onFiles, onRemoveFile, pickEmoji } = props
  const area = useRef<HTMLTextAreaElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const listId = useId()
  const [caret, setCaret] = useState(text.length)
  const caretAfter = useRef<number>(undefined)
  const isOnline = useConnection().state === 'online'

  const length = text.trim().length
  const hasFiles = uploads.some(({ state }) => state === 'done')
  const isWaiting = uploads.some(({ state }) => state === 'busy')
  const canSend = length <= longest && !isWaiting && (length > 0 || (hasFiles && !editing))

  const mentions = useMentions(roomId, text, caret, (user) => { choose(user) })

  function choose ({ username }: User): void {
    if (!mentions.mention) return
    put(completeMention(text, caret, mentions.mention, username))
  }

  function put (next: { text: string, caret: number }): void {
    caretAfter.current = next.caret
    onText(next.text)
    setCaret(next.caret)
    area.current?.focus()
  }

  function insert (piece: string): void {
    const at = area.current?.selectionStart ?? text.length
    const end = area.current?.selectionEnd ?? at
    put({ text: text.slice(0, at) + piece + text.slice(end), caret: at + piece.length })
  }

  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
    if (caretAfter.current !== undefined) element.setSelectionRange(caretAfter.current, caretAfter.current)
    caretAfter.current = undefined
  }, [text])

  useImperativeHandle(ref, () => ({ focus: () => { area.current?.focus() } }), [])

  // Whoever edits goes on at the end of what stands there.
  useEffect(() => {
    const element = area.current
    if (!editing || !element) return
    element.focus()
    element.setSelectionRange(element.value.length, element.value.length)
  }, [editing])

  function onKeyDown (event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.nativeEvent.isComposing || mentions.onKeyDown(event)) return
    if (event.key === 'Enter' && !event.shiftKey && !isTouch() && !isInBlock(text.slice(0, caret))) {
      event.preventDefault()
      if (canSend) onSend()
    } else if (event.key === 'ArrowUp' && text === '' && !editing) {
      event.preventDefault()
      onEditLast()
    } else if (event.key === 'Escape' && (editing ?? replyingTo) !== undefined) {
      event.preventDefault()
      event.stopPropagation()
      onLeaveMode()
    }
  }

  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault()
        if (canSend) onSend()
      }}
    >
      {mentions.people.length > 0 && <MentionList id={listId} people={mentions.people} active={mentions.active} onChoose={choose} />}
      <div className={styles.box}>
        <About editing={editing} replyingTo={replyingTo} onLeave={onLeaveMode} />
        {!editing && <UploadTray uploads={uploads} onRemove={onRemoveFile} />}
        <div className={styles.line}>
          {!editing && <IconButton icon='paperclip' label='Attach files' onClick={() => { file.current?.click() }} />}
          <input
            ref={file} type='file' multiple hidden aria-label='Files'
            onChange={({ target }) => {
              onFiles(target.files ?? [])
              target.value = ''
              area.current?.focus()
            }}
          />
          <textarea
            ref={area} rows={1} className={styles.area} value={text} placeholder={`Message ${title}`} aria-label={editing ? 'Edit the message' : `Message ${title}`}
            aria-autocomplete='list' aria-controls={mentions.people.length > 0 ? listId : undefined}
            aria-activedescendant={mentions.people.length > 0 ? `${listId}-${mentions.active}` : undefined}
            onChange={({ target }) => {
              onText(target.value)
              setCaret(target.selectionStart)
              if (target.value.trim() !== '' && !editing) onTyping()
            }}
            onSelect={({ currentTarget }) => { setCaret(currentTarget.selectionStart) }}
            onKeyDown={onKeyDown}
            onPaste={(event) => {
              if (editing || event.clipboardData.files.length === 0) return
              event.preventDefault()
              onFiles(event.clipboardData.files)
            }}
          />
          <IconButton icon='emoji' label='Insert an emoji' onClick={({ currentTarget }) => { pickEmoji(currentTarget, insert) }} />
          {editing
            ? <Button type='submit' look='primary' size='small' disabled={!canSend}>Save</Button>
            : (
              <button type='submit' className={styles.send} disabled={!canSend} title='Send' aria-label='Send'>
                <Icon name='send' size={18} />
              </button>
              )}
        </div>
      </div>
      <p className={styles.hints}>
        {!isOnline && <span role='status'>You are not connected: what you write is sent as soon as you are.</span>}
        {length > longest - nearTheEnd && (
          <span className={length > longest ? styles.tooLong : undefined} aria-live='polite'>
            {length > longest ? `${countCharacters(length - longest)} too many` : `${countCharacters(longest - length)} left`}
          </span>
        )}
      </p>
    </form>
  )
}

/** Where Enter is the only way to a new line, there is a button for sending. */
function isTouch (): boolean {
  return matchMedia('(pointer: coarse)').matches
}

/** Within a block of code Enter begins a line. */
function isInBlock (before: string): boolean {
  return before.split('```').length % 2 === 0
}

function countCharacters (count: number): string {
  return `${count} ${count === 1 ? 'character' : 'characters'}`
}
