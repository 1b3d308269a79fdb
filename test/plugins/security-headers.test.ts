import { startNode } from '../helpers/node.ts'
import { stranger } from '../helpers/person.ts'
import { t } from '../suite.ts'

t.test('a page of ours loads nothing from elsewhere, and nobody frames it', async (t) => {
  const node = await startNode(t)
  for (const path of ['/api/auth/user', '/nowhere', '/healthz']) {
    const { headers } = await fetch(node.url + path)
    const policy = headers.get('content-security-policy') ?? ''
    t.match(policy, /default-src 'self'/, path)
    t.match(policy, /script-src 'self';/, path)
    t.match(policy, /frame-ancestors 'none'/, path)
    t.notMatch(policy, /unsafe|upgrade-insecure-requests/, path)
    t.equal(headers.get('x-content-type-options'), 'nosniff', path)
    t.equal(headers.get('x-frame-options'), 'DENY', path)
    t.equal(headers.get('strict-transport-security'), null, 'which plain HTTP could not keep')
  }
})

t.test('with TLS in front, browsers are told to stay with it and sockets may go to the public URL', async (t) => {
  const node = await startNode(t, { PUBLIC_URL: 'https://chat.example.com' })
  const { headers } = await fetch(`${node.url}/healthz`)
  t.match(headers.get('strict-transport-security'), /^max-age=31536000/)
  t.match(headers.get('content-security-policy'), /connect-src 'self' wss:\/\/chat\.example\.com/)
})

t.test('the page of the documentation keeps a policy it can live under', async (t) => {
  const node = await startNode(t)
  const page = await fetch(`${node.url}/docs/`)
  t.equal(page.status, 200)
  const policy = page.headers.get('content-security-policy') ?? ''
  t.match(policy, /default-src 'self'/)
  t.match(policy, /frame-ancestors 'self'/)
  t.notMatch(await page.text(), /<script>[^<]/, 'no inline script, which the policy forbids')
})

t.test('what the API says is kept by no cache', async (t) => {
  const node = await startNode(t)
  const { headers, status } = await stranger(node).get('/auth/user')
  t.equal(status, 401)
  t.equal(headers.get('cache-control'), 'no-store')
})
