import type { Import } from './read-imports.ts'

interface Rule {
  /** Folders and files of the repository that it may import at run time, beside itself and the contract. */
  imports: string[]
  /** Packages: these and no others, or all but these; types count as well. */
  packages?: { only?: string[], never?: string[] }
}

/** Fastify and Socket.IO are adapters: what stands below them does not know them, not even their types. */
const transports = ['fastify', 'fastify-plugin', '@fastify/*', 'socket.io', '@socket.io/*']

/** Who may import whom, as docs/architecture.md says. What is not named here may be imported by nobody. */
export const rules: Record<string, Rule> = {
  'contract/': { imports: [], packages: { only: ['typebox'] } },
  'db/': { imports: [], packages: { never: transports } },
  'domain/': { imports: ['db/'], packages: { never: transports } },
  'plugins/': { imports: ['domain/', 'db/client.ts', 'db/migrate.ts', 'db/failures.ts'] },
  'routes/': { imports: ['domain/'] },
  'realtime/': { imports: ['domain/'] },
  'app.ts': { imports: ['plugins/', 'realtime/', 'routes/'] },
  'server.ts': { imports: ['app.ts'] },
  // The launcher and its balancer refuse at once what each of the nodes would refuse.
  'cluster/': { imports: ['plugins/config.ts', 'plugins/refused-connections.ts', 'plugins/slow-requests.ts'] },
  // The administrator's command line stands beside the nodes, on the same database.
  'admin/': { imports: ['domain/', 'db/'] },
  'sdk/': { imports: [], packages: { never: transports } },
  'web/': { imports: ['sdk/'], packages: { never: transports } },
  // People and rooms to look at, by the same door as everybody.
  'demo/': { imports: ['sdk/'] },
  // The prover starts a cluster of its own to break.
  'load/': { imports: ['sdk/', 'cluster/'] }
}

function ownerOf (path: string): string | undefined {
  return Object.keys(rules).find((owner) => path === owner || (owner.endsWith('/') && path.startsWith(owner)))
}

function covers (pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

/** What is wrong with an import, in a sentence; nothing when it is allowed. */
export function complaint (found: Import): string | undefined {
  const owner = ownerOf(found.from)
  if (!owner) return undefined // Tests, scripts and settings of tools.
  const reason = found.isPackage ? packageReason(owner, found) : pathReason(owner, found)
  return reason && `${found.from}:${found.line} imports ${found.target}: ${reason}`
}

function pathReason (owner: string, { target, isTypeOnly }: Import): string | undefined {
  const { imports } = rules[owner] as Rule
  if (!ownerOf(target)) return 'this is no part of the server'
  if (isTypeOnly || ownerOf(target) === owner) return undefined
  // db takes types from the contract, and nothing else.
  const allowed = owner === 'db/' ? imports : [...imports, 'contract/']
  if (allowed.some((path) => target === path || (path.endsWith('/') && target.startsWith(path)))) return undefined
  return `${owner} may import ${allowed.join(', ') || 'nothing'}`
}

function packageReason (owner: string, { target, isTypeOnly }: Import): string | undefined {
  const { only, never } = (rules[owner] as Rule).packages ?? {}
  if (only && !only.includes(target)) return `${owner} knows ${only.join(', ')} only`
  if (never?.some((pattern) => covers(pattern, target))) return `${owner} does not know this package${isTypeOnly ? ', nor its types' : ''}`
  return undefined
}

/** A ring of files that import each other at run time; nothing when there is none. */
export function findCycle (imports: Import[]): string[] | undefined {
  const edges = new Map<string, string[]>()
  for (const { from, target, isPackage, isTypeOnly } of imports) {
    if (!isPackage && !isTypeOnly) edges.set(from, [...edges.get(from) ?? [], target])
  }
  const finished = new Set<string>()
  const search = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (finished.has(file)) return undefined
    for (const target of edges.get(file) ?? []) {
      const cycle = search(target, [...path, file])
      if (cycle) return cycle
    }
    finished.add(file)
    return undefined
  }
  for (const file of edges.keys()) {
    const cycle = search(file, [])
    if (cycle) return cycle
  }
  return undefined
}
