import { createServer } from 'node:http'

// Stands in for server.ts where a test is about the cluster alone: it answers at once and ends at once.
if (process.env.FAKE_COMPLAINT) {
  console.error(process.env.FAKE_COMPLAINT)
  process.exit(1)
}
process.once('disconnect', () => process.exit())
process.once('SIGTERM', () => process.exit())

const { NODE_NAME, TRUST_PROXY, LIMITS, PUBLIC_URL, SESSION_SECRET, DRAIN_SECONDS } = process.env
createServer((_request, response) => {
  response.end(JSON.stringify({ NODE_NAME, TRUST_PROXY, LIMITS, PUBLIC_URL, SESSION_SECRET, DRAIN_SECONDS }))
}).listen(Number(process.env.PORT), process.env.HOST)
