import { EmojiPicker, type EmojiPickerListProps } from 'frimousse'
import { resolveEmoji } from './emoji-data.ts'
import styles from './emoji.module.css'

const parts: EmojiPickerListProps['components'] = {
  CategoryHeader: ({ category, ...rest }) => <div {...rest} className={styles.category}>{category.label}</div>,
  Row: ({ children, ...rest }) => <div {...rest} aria-rowindex={fromOne(rest['aria-rowindex'])} className={styles.row}>{children}</div>,
  Emoji: ({ emoji, ...rest }) => (
    <button
      {...rest} aria-colindex={fromOne(rest['aria-colindex'])} type='button' aria-label={emoji.label} title={emoji.label}
      data-active={emoji.isActive || undefined} className={styles.emoji}
    >
      {emoji.emoji}
    </button>
  )
}

/** Frimousse counts from zero, ARIA from one. */
function fromOne (index = 0): number {
  return index + 1
}

/** Loaded by itself, so that it is nobody's first load. */
export function Picker ({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <EmojiPicker.Root className={styles.picker} columns={9} resolveEmojiData={resolveEmoji} onEmojiSelect={({ emoji }) => { onPick(emoji) }}>
      <EmojiPicker.Search className={styles.search} autoFocus placeholder='Search' aria-label='Search emoji' />
      <EmojiPicker.Viewport className={styles.viewport}>
        <EmojiPicker.Loading className={styles.state}>Loading…</EmojiPicker.Loading>
        <EmojiPicker.Empty><span className={styles.state}>No such emoji.</span></EmojiPicker.Empty>
        <EmojiPicker.List className={styles.list} components={parts} />
      </EmojiPicker.Viewport>
      <div className={styles.foot}>
        <EmojiPicker.ActiveEmoji>
          {({ emoji }) => <span className={styles.name}>{emoji ? `${emoji.emoji} ${emoji.label}` : 'Pick an emoji'}</span>}
        </EmojiPicker.ActiveEmoji>
        <EmojiPicker.SkinToneSelector className={styles.tone} title='Skin tone' />
      </div>
    </EmojiPicker.Root>
  )
}
