import { once } from 'node:events'
import { connect } from 'node:net'
import { end, type Fault } from './fault.ts'

export const killRedis: Fault = {
  name: 'kill-redis',
  about: 'SIGKILL of Redis, which comes back with its data',
  healMs: 15_000,
  async inject (world) {
    end(world, 'redis', world.cluster.redis.pid, 'SIGKILL')
    return { detail: 'SIGKILL', holdMs: 0 }
  }
}

export const emptyRedis: Fault = {
  name: 'empty-redis',
  about: 'FLUSHALL: everybody is signed out, and signs in again',
  healMs: 30_000,
  async inject ({ cluster }) {
    const { hostname, port } = new URL(cluster.redis.url)
    const socket = connect({ host: hostname, port: Number(port) })
    socket.write('FLUSHALL\r\n')
    const [answer] = await once(socket, 'data') as [Buffer]
    socket.destroy()
    return { detail: `FLUSHALL ${answer.toString().trim()}`, holdMs: 0, areAllSignedOut: true }
  }
}

export const restartPostgres: Fault = {
  name: 'restart-postgres',
  about: 'SIGKILL, an immediate or a fast shutdown of Postgres, which comes back with its data',
  healMs: 30_000,
  async inject (world) {
    const signal = world.random.pick(['SIGKILL', 'SIGQUIT', 'SIGINT'] as const)
    end(world, 'postgres', world.cluster.postgres.pid, signal)
    return { detail: signal, holdMs: 0 }
  }
}

export const restartBalancer: Fault = {
  name: 'restart-balancer',
  about: 'SIGKILL of the balancer: every connection breaks at once',
  healMs: 20_000,
  async inject (world) {
    end(world, 'balancer', world.cluster.balancer.pid, 'SIGKILL')
    return { detail: 'SIGKILL', holdMs: 0 }
  }
}
