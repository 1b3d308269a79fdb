import { spawnSync } from 'node:child_process'

export interface RedisBinary {
  command: string
  env: Record<string, string>
}

/** Sharded channels came with Redis 7. */
export const oldestMajor = 7

export function isRecent ({ command, env }: RedisBinary): boolean {
  const { stdout } = spawnSync(command, ['--version'], { env: { ...process.env, ...env }, encoding: 'utf8' })
  return Number(/\bv=(\d+)\./.exec(stdout ?? '')?.[1] ?? 0) >= oldestMajor
}
