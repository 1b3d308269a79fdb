import type { Attachment } from '../../../../contract/index.ts'
import { Icon } from '../../../ui/icon.tsx'
import styles from './attachments.module.css'
import { useListPlace } from './list-context.ts'
import { toSize } from '../text/size.ts'

const widest = 380
const highest = 300

/** The files of a message: pictures as pictures, in a place that is there before they are. */
export function Attachments ({ attachments, tabIndex }: { attachments: readonly Attachment[], tabIndex: number }) {
  const { urlOf, actions } = useListPlace()
  return (
    <div className={styles.attachments}>
      {attachments.map((attachment) => isPicture(attachment)
        ? (
          <button
            key={attachment.id} type='button' tabIndex={tabIndex} className={styles.picture} style={placeOf(attachment)} aria-label={`Picture: ${attachment.name}`}
            title={attachment.name} onClick={() => { actions.show(attachment) }}
          >
            <img src={urlOf(attachment, { thumbnail: attachment.hasThumbnail })} alt='' loading='lazy' decoding='async' />
          </button>
          )
        : <FileCard key={attachment.id} attachment={attachment} url={urlOf(attachment)} tabIndex={tabIndex} />)}
    </div>
  )
}

function FileCard ({ attachment, url, tabIndex }: { attachment: Attachment, url: string, tabIndex: number }) {
  const { name, size } = attachment
  return (
    <a className={styles.file} href={url} download={name} tabIndex={tabIndex}>
      <span className={styles.fileIcon}><Icon name='file' size={20} /></span>
      <span className={styles.fileName}>{name}</span>
      <span className={styles.fileSize}>{toSize(size)} <span className='visually-hidden'>download</span></span>
    </a>
  )
}

export function isPicture ({ type, width, height }: Attachment): boolean {
  return type.startsWith('image/') && width !== null && height !== null
}

/** The size at which it is shown, known before it is loaded. */
function placeOf ({ width, height }: Attachment) {
  const scale = Math.min(1, widest / (width ?? 1), highest / (height ?? 1))
  return { width: Math.max(48, Math.round((width ?? 1) * scale)), aspectRatio: `${width} / ${height}` }
}
