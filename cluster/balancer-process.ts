import { startBalancer } from './balancer.ts'
import type { Upstream } from './upstreams.ts'

// Without its launcher nobody would ever stop it.
process.once('disconnect', () => process.exit())
process.once('SIGTERM', () => process.exit())

await startBalancer({
  port: Number(process.env.PORT),
  host: process.env.HOST ?? '127.0.0.1',
  nodes: JSON.parse(process.env.UPSTREAMS ?? '[]') as Upstream[],
})
