import { useLayoutEffect, useRef } from 'react'
import type { Attachment } from '../../../../contract/index.ts'
import { IconButton } from '../../../ui/button.tsx'
import { toSize } from '../text/size.ts'
import styles from './attachments.module.css'

/** A picture by itself, as large as the window allows. */
export function Lightbox ({ url, attachment, onClose }: { url: string, attachment: Attachment, onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  const { name, size, width, height } = attachment
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => { dialog?.close() }
  }, [])

  return (
    <dialog
      ref={ref} className={styles.lightbox} aria-label={`Picture: ${name}`}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={({ target }) => { if (!(target instanceof Element) || !target.closest('img, a, button')) onClose() }}
    >
      <header className={styles.lightboxBar}>
        <span className={styles.fileName}>{name}</span>
        <span className={styles.lightboxSize}>{width} × {height}, {toSize(size)}</span>
        <a href={url} download={name}>Download</a>
        <IconButton icon='close' label='Close' onClick={onClose} />
      </header>
      <div className={styles.lightboxStage}>
        <img src={url} alt={name} width={width ?? undefined} height={height ?? undefined} />
      </div>
    </dialog>
  )
}
