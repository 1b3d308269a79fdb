import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import fp from 'fastify-plugin'
import { errorsPlugin } from '../../plugins/errors.ts'
import { webPlugin } from '../../plugins/web.ts'
import { startNode } from '../helpers/node.ts'
import { t } from '../suite.ts'

t.test('a node serves the page anew each time, and what it loads for good', async (t) => {
  const node = await startNode(t)
  const page = await fetch(node.url)
  const html = await page.text()
  t.equal(page.headers.get('cache-control'), 'no-cache')
  t.match(page.headers.get('content-security-policy'), /script-src 'self';style-src 'self'/)
  t.notMatch(html, /<script>|<style|style=/, 'nothing inline, which the policy forbids')

  const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? ''
  for (const encoding of ['br', 'gzip']) {
    const { status, headers } = await fetch(node.url + script, { headers: { 'accept-encoding': encoding } })
    t.match({ status, encoding: headers.get('content-encoding'), cache: headers.get('cache-control') },
      { status: 200, encoding, cache: 'public, max-age=31536000, immutable' })
  }
})

t.test('what there is not is the contract\'s route.not_found, also below /assets', async (t) => {
  const node = await startNode(t)
  for (const path of ['/nowhere', '/assets/nothing.js', '/assets/', '/assets/..%2findex.html', '/index.html', '/api/nowhere']) {
    const answer = await fetch(node.url + path)
    t.match({ path, status: answer.status, body: await answer.json() }, { status: 404, body: { error: { code: 'route.not_found' } } })
  }
})

t.test('a node without the page says how to build it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-web-'))
  t.teardown(() => { rmSync(folder, { recursive: true }) })
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(errorsPlugin)
  await app.register(fp(async () => {}, { name: 'security-headers' }))
  await app.register(webPlugin, { folder: join(folder, 'absent') })
  const { statusCode, body } = await app.inject('/')
  t.equal(statusCode, 503)
  t.match(body, 'npm run build')
})
