import type { StoreUrls } from '../../../cluster/start.ts'
import { Link } from './link.ts'

/** The ways of one node to its stores. */
export interface NodeLinks {
  postgres: Link
  redis: Link
}

/** Links for every node of a cluster, for `nodeEnv` of its options. */
export class LinkSet {
  readonly #links = new Map<string, NodeLinks>()

  readonly nodeEnv = async (name: string, { databaseUrl, redisUrl }: StoreUrls): Promise<Record<string, string>> => {
    const links = { postgres: await Link.open(databaseUrl), redis: await Link.open(redisUrl) }
    this.#links.set(name, links)
    return { DATABASE_URL: links.postgres.urlFor(databaseUrl), REDIS_URL: links.redis.urlFor(redisUrl) }
  }

  of (name: string): NodeLinks {
    const links = this.#links.get(name)
    if (!links) throw new Error(`There is no node ${name}.`)
    return links
  }

  close (): void {
    for (const { postgres, redis } of this.#links.values()) {
      postgres.close()
      redis.close()
    }
  }
}
