import t from 'tap'
import { startRedisCluster } from './redis-cluster.ts'
import { useRedis } from './world.ts'

// The same tests as on a single Redis, on a cluster of three masters.
useRedis(await startRedisCluster(t))
await import('./devices.test.ts')
await import('./crash.test.ts')
await import('./watching.test.ts')
await import('./crowd.test.ts')
