import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Log } from './log.ts'
import { moveInto } from './move-into.ts'
import { isRecent, type RedisBinary } from './redis-version.ts'
import { run } from './run.ts'

/** On Debian and Ubuntu: unpacks their Redis into a cache folder. Nothing is installed, and root is not needed. */
export async function fetchRedisWithApt (dataDir: string, log: Log, signal?: AbortSignal): Promise<RedisBinary> {
  if (!existsSync('/usr/bin/apt-get')) throw new Error('No apt to fetch a private copy with.')
  const cache = chooseCache(dataDir)
  const place = join(cache, `redis-${readSystem()}-${process.arch}`)
  const cached = findServer(place)
  if (cached) return cached
  const draft = mkdtempSync(join(cache, 'redis-draft-'))
  try {
    log('redis: fetches a private copy with apt (some 7 MB, only once)')
    await download('redis-server', draft, signal)
    if (!findServer(draft)) throw new Error('The one that apt offers is too old.')
    rmSync(join(draft, 'apt'), { recursive: true })
    moveInto(draft, place)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return findServer(place)!
}

function chooseCache (dataDir: string): string {
  const shared = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'parley')
  for (const folder of [shared, join(dataDir, 'cache')]) {
    try {
      mkdirSync(folder, { recursive: true })
      rmSync(mkdtempSync(join(folder, 'try-')), { recursive: true })
      return folder
    } catch { /* Somebody else's home, or a read-only one: the data folder is ours. */ }
  }
  throw new Error(`${dataDir} cannot be written.`)
}

/** A copy fits the libraries of the release it was made on. */
function readSystem (): string {
  const release = readFileSync('/etc/os-release', 'utf8')
  const read = (key: string) => new RegExp(`^${key}="?([\\w.]+)`, 'm').exec(release)?.[1] ?? 'unknown'
  return `${read('ID')}-${read('VERSION_ID')}`
}

/** Fetches a package and what it needs beyond what is installed, with lists and caches of our own. */
async function download (name: string, folder: string, signal?: AbortSignal): Promise<void> {
  const apt = join(folder, 'apt')
  for (const sub of ['lists/partial', 'archives/partial']) mkdirSync(join(apt, sub), { recursive: true })
  const settings = [
    `Dir::State::Lists=${apt}/lists`, `Dir::Cache=${apt}`, 'Debug::NoLocking=1', 'APT::Sandbox::User=',
    'Acquire::http::Timeout=15', 'Acquire::Retries=1',
  ].flatMap((setting) => ['-o', setting])
  const askApt = (...args: string[]) => run('apt-get', [...settings, '-q', ...args], { cwd: apt, signal })

  await askApt('update')
  const plan = await askApt('install', '--simulate', '--no-install-recommends', name)
  const missing = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!)
  await askApt('download', ...missing)
  for (const file of readdirSync(apt).filter((entry) => entry.endsWith('.deb'))) {
    await run('dpkg', ['-x', join(apt, file), folder], { signal })
  }
}

function findServer (folder: string): RedisBinary | undefined {
  const command = join(folder, 'usr/bin/redis-server')
  if (!existsSync(command)) return undefined
  const libraries = [join(folder, 'usr/lib'), join(folder, 'lib')].filter((path) => existsSync(path)).flatMap((path) =>
    readdirSync(path).filter((entry) => entry.includes('-linux-')).map((entry) => join(path, entry)))
  const binary = { command, env: { LD_LIBRARY_PATH: libraries.join(':') } }
  return isRecent(binary) ? binary : undefined
}
