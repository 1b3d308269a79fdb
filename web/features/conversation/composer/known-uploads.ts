import type { Attachment } from '../../../../contract/index.ts'

/** What this page has uploaded, so that a message can be shown with its files before it is in the log. */
const known = new Map<string, Attachment>()

export function rememberUpload (attachment: Attachment): void {
  known.set(attachment.id, attachment)
}

export function knownUpload (id: string): Attachment | undefined {
  return known.get(id)
}
