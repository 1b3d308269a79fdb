import type { S3Settings } from './s3.ts'

export interface FileSettings {
  FILES_S3_ENDPOINT?: string
  FILES_S3_BUCKET?: string
  FILES_S3_REGION: string
  FILES_S3_ACCESS_KEY_ID?: string
  FILES_S3_SECRET_ACCESS_KEY?: string
}

const needed = ['FILES_S3_BUCKET', 'FILES_S3_ACCESS_KEY_ID', 'FILES_S3_SECRET_ACCESS_KEY'] as const

/** What does not fit together; nothing when it does. */
export function filesComplaint (settings: FileSettings): string | undefined {
  const given = needed.filter((name) => settings[name] !== undefined)
  if (given.length === 0 && settings.FILES_S3_ENDPOINT === undefined) return undefined
  if (given.length < needed.length) {
    return `Set ${needed.filter((name) => settings[name] === undefined).join(' and ')} as well, or remove what begins with FILES_S3_.`
  }
  const { FILES_S3_ENDPOINT: endpoint } = settings
  if (endpoint !== undefined && !URL.canParse(endpoint)) return 'Set FILES_S3_ENDPOINT: it is no well-formed URL, such as https://s3.example.com.'
}

/** Null where no bucket is set up. */
export function toS3Settings (settings: FileSettings): S3Settings | null {
  const { FILES_S3_BUCKET: bucket, FILES_S3_ACCESS_KEY_ID: accessKeyId, FILES_S3_SECRET_ACCESS_KEY: secretAccessKey } = settings
  if (bucket === undefined || accessKeyId === undefined || secretAccessKey === undefined) return null
  return { endpoint: settings.FILES_S3_ENDPOINT, bucket, region: settings.FILES_S3_REGION, accessKeyId, secretAccessKey }
}
