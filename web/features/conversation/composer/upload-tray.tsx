import { IconButton } from '../../../ui/button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { Icon } from '../../../ui/icon.tsx'
import { toSize } from '../text/size.ts'
import styles from './composer.module.css'
import type { Upload } from './use-uploads.ts'

/** The files that will go with the message. */
export function UploadTray ({ uploads, onRemove }: { uploads: readonly Upload[], onRemove: (key: number) => void }) {
  if (uploads.length === 0) return null
  return (
    <ul className={styles.tray} aria-label='Files of this message'>
      {uploads.map(({ key, name, size, preview, state, error }) => (
        <li key={key} className={classNames(styles.upload, state === 'failed' && styles.failed)} aria-busy={state === 'busy'}>
          {preview === undefined ? <span className={styles.uploadIcon}><Icon name='file' size={20} /></span> : <img src={preview} alt='' />}
          <span className={styles.uploadName}>{name}</span>
          <span className={styles.uploadState} role={state === 'failed' ? 'alert' : undefined}>
            {state === 'busy' ? 'Uploading…' : state === 'failed' ? error : toSize(size)}
          </span>
          <IconButton icon='close' label={`Remove ${name}`} onClick={() => { onRemove(key) }} />
          {state === 'busy' && <span className={styles.progress} />}
        </li>
      ))}
    </ul>
  )
}
