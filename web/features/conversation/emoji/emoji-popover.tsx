import { lazy, Suspense, useLayoutEffect, useRef } from 'react'
import { Spinner } from '../../../ui/notice.tsx'
import { placeBeside } from '../../../ui/place-beside.ts'
import styles from './emoji.module.css'

const EmojiPicker = lazy(async () => ({ default: (await import('./emoji-picker.tsx')).Picker }))

interface EmojiPopoverProps {
  /** What it belongs to: where it stands, and who has the focus afterwards. */
  anchor: Element
  onPick: (emoji: string) => void
  onClose: () => void
}

/** All emoji, beside what they are for. What is in it is loaded when it is first wanted. */
export function EmojiPopover ({ anchor, onPick, onClose }: EmojiPopoverProps) {
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    element.showPopover()
    placeBeside(anchor, element)
  }, [anchor])

  function close (): void {
    // What opened it may be hidden while nobody points at it: then its message takes the focus.
    if (document.activeElement === document.body) anchor.closest('article')?.focus()
    onClose()
  }

  return (
    <div ref={ref} popover='auto' role='dialog' aria-label='Emoji' className={styles.popover} onToggle={({ newState }) => { if (newState === 'closed') close() }}>
      <Suspense fallback={<Spinner />}>
        <EmojiPicker
          onPick={(emoji) => {
            ref.current?.hidePopover()
            onPick(emoji)
          }}
        />
      </Suspense>
    </div>
  )
}
