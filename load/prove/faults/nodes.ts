import { setTimeout as sleep } from 'node:timers/promises'
import { end, pickNode, type Fault, type World } from './fault.ts'

export const killNode: Fault = {
  name: 'kill-node',
  about: 'SIGKILL of a node',
  healMs: 20_000,
  async inject (world) {
    const { name, pid } = pickNode(world)
    end(world, name, pid, 'SIGKILL')
    return { detail: name, holdMs: 0, mutedNodes: [name], asleep: { nodes: [name], why: 'killed' } }
  }
}

export const stopNode: Fault = {
  name: 'stop-node',
  about: 'SIGSTOP of a node for some seconds, then SIGCONT',
  duringMs: 10_000,
  healMs: 30_000,
  async inject (world) {
    const { name, pid } = pickNode(world)
    const holdMs = world.random.between(Math.min(5000, world.longestMs), world.longestMs)
    process.kill(pid, 'SIGSTOP')
    const lift = (): void => { process.kill(pid, 'SIGCONT') }
    return { detail: name, holdMs, mutedNodes: [name], asleep: { nodes: [name], why: 'stopped' }, lift }
  }
}

export const rollingRestart: Fault = {
  name: 'rolling-restart',
  about: 'SIGTERM of all nodes, one after the other, each when the one before is back',
  healMs: 20_000,
  async inject (world) {
    for (const { name } of world.cluster.nodes) await restart(world, name)
    return { detail: `${world.cluster.nodes.length} nodes`, holdMs: 0 }
  }
}

async function restart (world: World, name: string): Promise<void> {
  const find = () => world.cluster.nodes.find((node) => node.name === name)
  const before = find()?.pid ?? null
  end(world, name, before, 'SIGTERM')
  for (let tries = 0; tries < 300; tries++) {
    await sleep(100)
    const now = find()
    if (now && now.pid !== null && now.pid !== before && await isReady(now.url)) return
  }
  throw new Error(`${name} did not come back within 30 s of its SIGTERM.`)
}

export async function isReady (url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1500) })).status === 200
  } catch {
    return false
  }
}
