export interface Settings {
  host: string
  port: number
  nodes: number
  dataDir: string
  drainSeconds: number
  databaseUrl?: string
  redisUrl?: string
}

const settings: [name: string, fallback: string, meaning: string][] = [
  ['PORT', '3000', 'where the cluster serves, on localhost (0 takes any free one)'],
  ['HOST', '127.0.0.1', 'the address the balancer listens on'],
  ['NODES', '3', 'how many nodes of Parley run, n1, n2 …'],
  ['DATA_DIR', '.data', 'where Postgres, Redis, uploaded files and the session secret live'],
  ['DATABASE_URL', '', 'a Postgres of your own in place of the embedded one'],
  ['REDIS_URL', '', 'a Redis 7 (or later) of your own in place of the embedded one'],
  ['DRAIN_SECONDS', '3', 'how long a node that stops gives its clients to move'],
  ['SESSION_SECRET', '', 'signs the session cookies; made once and kept in DATA_DIR unless given'],
  ['LIMITS', 'standard', '`relaxed`: limits times 1,000 and the cheapest password hash, for tests and load'],
  ['LOG_LEVEL', 'warn', 'of the nodes: fatal, error, warn, info, debug, trace'],
]

export const help = [
  'Parley: Postgres, Redis, some nodes and a balancer in one command. Ctrl-C stops it all.',
  '', '  --demo          lets some people and rooms in, to look at; again makes no difference',
  '', 'Settings, from the environment:', '',
  ...settings.map(([name, fallback, meaning]) => `  ${name.padEnd(16)}${meaning}${fallback ? ` [${fallback}]` : ''}`),
  '',
  'Every other variable is handed on to the nodes. The embedded servers have no passwords and',
  'listen on 127.0.0.1 only: they are for development, not for a machine shared with strangers.',
].join('\n')

/** Reads the launcher's own settings; a wrong one is refused in one sentence. Those of the nodes are checked later. */
export function readSettings (env: NodeJS.ProcessEnv): Settings {
  return {
    port: readNumber(env, 'PORT', 0, 65_535),
    host: env.HOST || '127.0.0.1',
    nodes: readNumber(env, 'NODES', 1, 32),
    dataDir: env.DATA_DIR || '.data',
    drainSeconds: readNumber(env, 'DRAIN_SECONDS', 0, 600),
    databaseUrl: env.DATABASE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
  }
}

function readNumber (env: NodeJS.ProcessEnv, name: string, least: number, most: number): number {
  const fallback = settings.find(([candidate]) => candidate === name)?.[1]
  const text = env[name] || fallback || ''
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new Error(`${name} must be a whole number from ${least} to ${most}, not "${text}".`)
}
