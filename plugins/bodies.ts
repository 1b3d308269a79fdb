import fp from 'fastify-plugin'

/** Clients that announce JSON and send nothing have sent nothing: a logout needs no body. */
export const bodiesPlugin = fp(async (app) => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body, done)
  })
}, { name: 'bodies' })
