import type { Browser, BrowserContextOptions } from 'playwright-core'
import type { Test } from 'tap'
import { startTestCluster, type TestCluster } from '../helpers/cluster.ts'
import type { Address } from '../helpers/node.ts'
import { person, type Person } from '../helpers/person.ts'
import type { Ending } from '../helpers/stores.ts'
import { openBrowser, visit, type Visit } from './browser.ts'
import { signIn } from './steps.ts'

/** Three nodes, each of which serves the page, and a browser. */
export interface World extends TestCluster {
  browser: Browser
  /** A node's own address, past the balancer. */
  node: (name: string) => Address
  /** Somebody's own browser, at a node or at the balancer; nobody is signed in. */
  open: (at: Address, options?: BrowserContextOptions) => Promise<Visit>
  /** The same, signed in; the account is made the first time. */
  enter: (at: Address, username: string, options?: BrowserContextOptions) => Promise<Guest>
  /** A test that goes on where the one before it ended; where it fails, it says what was on the pages. */
  step: (t: Test, name: string, work: (t: Test) => Promise<void>) => Promise<void>
  /** What any of its browsers has complained about, but for what was to be expected. */
  complaints: (expected?: RegExp) => string[]
}

/** Somebody in front of a browser, and the same person by way of REST, for what the test takes for granted. */
export interface Guest extends Visit {
  api: Person
}

/** One for each file: it takes seconds to start. */
export async function openWorld (t: Ending, env: Record<string, string> = {}): Promise<World> {
  const [cluster, browser] = await Promise.all([startTestCluster(t, { env }), openBrowser(t)])
  const visits: Visit[] = []
  let hasFailed = false
  const open = async ({ url }: Address, options?: BrowserContextOptions) => {
    const opened = await visit(t, browser, url, options)
    visits.push(opened)
    return opened
  }
  return {
    ...cluster,
    browser,
    node: (name) => {
      const found = cluster.cluster.nodes.find((node) => node.name === name)
      if (!found) throw new Error(`There is no node ${name}.`)
      return { name, url: found.url, sockets: cluster.front.sockets }
    },
    open,
    enter: async (at, username, options) => {
      const [api, opened] = await Promise.all([person(cluster.front, username), open(at, options)])
      await signIn(opened.page, username)
      return { ...opened, api }
    },
    step: async (t, name, work) => {
      await t.test(name, { skip: hasFailed && 'a test before it failed' }, async (t) => {
        try {
          await work(t)
          hasFailed ||= !t.passing()
        } catch (error) {
          hasFailed = true
          console.error(`${name}:\n${await describePages(visits)}`)
          throw error
        }
      })
    },
    complaints: (expected) => visits.flatMap(({ complaints }) => complaints.filter((text) => !expected?.test(text)))
  }
}

/** What a screen reader would find there. */
async function describePages (visits: Visit[]): Promise<string> {
  const pages = visits.flatMap(({ context }) => context.pages())
  const shown = await Promise.all(pages.map(async (page) => `${page.url()}\n${await page.locator('body').ariaSnapshot().catch(String)}`))
  return shown.join('\n\n')
}
