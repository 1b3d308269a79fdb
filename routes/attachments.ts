import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ContractError, type Attachment } from '../contract/index.ts'
import type { RequestTimeouts } from '../plugins/request-timeouts.ts'
import { route } from './route.ts'

/** Whoever may not see it any more asks us no more for it: so long and no longer. */
const cacheSeconds = 86_400

/** Files in rooms. */
export async function attachmentRoutes (app: FastifyInstance, { timeouts }: { timeouts: Pick<RequestTimeouts, 'stalledMs'> }): Promise<void> {
  const { attachments } = app.domain

  // Nothing but an upload is read as a form. How large a file may be is counted where it is written.
  await app.register(async (scope) => {
    await scope.register(multipart, { limits: { fileSize: Infinity, files: 1, fields: 0, parts: 1, headerPairs: 20 }, throwFileSizeLimit: false })
    route(scope, 'uploadAttachment', async ({ actor, params, request }) => ({
      attachment: await attachments.upload(actor, params.roomId, async () => {
        if (!request.isMultipart()) throw new ContractError('request.invalid', { message: 'The body must be multipart/form-data, with one file.' })
        return await app.receiveUpload(request, actor.userId)
      })
    }))
  })

  async function serve (attachment: Attachment, { thumbnail }: { thumbnail: boolean }, request: FastifyRequest, reply: FastifyReply) {
    const etag = `"${attachment.id}${thumbnail ? '-thumbnail' : ''}"`
    reply.headers({ ...safeHeaders, etag, 'cache-control': `private, max-age=${cacheSeconds}, immutable` })
    if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) return await reply.status(304).send()
    const { body, size } = await attachments.open(attachment, { thumbnail })
    // Of what a file is read from, a connection to a bucket for one, there are few.
    reply.raw.setTimeout(timeouts.stalledMs, () => { request.raw.destroy() })
    reply.headers({
      'content-type': thumbnail ? 'image/webp' : contentType(attachment),
      'content-length': size,
      'content-disposition': thumbnail ? 'inline' : disposition(attachment)
    })
    return body
  }

  for (const [name, thumbnail] of [['getAttachment', false], ['getThumbnail', true]] as const) {
    route(app, name, async ({ actor, params, request, reply }) => {
      const attachment = await attachments.find(actor, params.roomId, params.attachmentId)
      return await serve(attachment, { thumbnail }, request, reply)
    })
  }
}

/** Whatever is in it: nothing of it runs here, nothing is taken for something else, and no page elsewhere shows it. */
const safeHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-site'
}

function contentType ({ type }: Attachment): string {
  return type === 'text/plain' ? 'text/plain; charset=utf-8' : type
}

/** Pictures are shown; everything else is saved. */
function disposition ({ name, type }: Attachment): string {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${type.startsWith('image/') ? 'inline' : 'attachment'}; filename*=UTF-8''${encoded}`
}
