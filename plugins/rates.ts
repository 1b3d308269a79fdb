import fp from 'fastify-plugin'
import type { CommandName } from '../contract/index.ts'

/** So much within a window that begins with the first; what comes beyond it is `rate.limited` until the window ends. */
export interface Rate {
  most: number
  windowMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Every rate of a node, as LIMITS=standard has them. The operating guide shows them: change both. */
export const standardRates = {
  /** REST requests: of a user; of an address where nobody is signed in. Counted over all nodes. */
  requests: { most: 1200, windowMs: minuteMs },
  /** REST requests of one address, whoever is signed in there. On one node. */
  addressRequests: { most: 6000, windowMs: minuteMs },
  /** New accounts, by address. Over all nodes. */
  registrations: { most: 10, windowMs: minuteMs },
  /** Calls that send mail, each call by itself, by address. Over all nodes. */
  mail: { most: 5, windowMs: minuteMs },
  /** Emails that a user sets: each sends a letter to whom it may not concern. Over all nodes. */
  emailChanges: { most: 5, windowMs: hourMs },
  /** Signing in with an identity provider, there and back, each by itself, by address. Over all nodes. */
  oidc: { most: 30, windowMs: minuteMs },
  /** Files that a user uploads. Over all nodes. */
  uploads: { most: 200, windowMs: hourMs },
  /** Wrong passwords for one username from one address. Over all nodes. */
  loginFailures: { most: 5, windowMs: minuteMs },
  /** Wrong passwords from one address, whatever the usernames. Over all nodes. */
  addressLoginFailures: { most: 60, windowMs: minuteMs },
  /** Wrong passwords from one network of IPv6 (/48), whatever the usernames. Over all nodes. */
  networkLoginFailures: { most: 300, windowMs: minuteMs },
  /** Wrong passwords for one username, from wherever nobody has signed in to it within 30 days. Over all nodes. */
  accountLoginFailures: { most: 100, windowMs: hourMs },
  /** What the commands of all a user's sockets on one node cost. */
  commands: { most: 500, windowMs: 5000 }
} as const satisfies Record<string, Rate>

/** What a command costs; the others cost 1. */
export const commandCosts: Partial<Record<CommandName, number>> = { 'room:sync': 5, 'presence:watch': 2 }

export type RateName = keyof typeof standardRates

const relaxedTimes = 1000
const waitingLogins = 20

declare module 'fastify' {
  interface FastifyInstance {
    /** The rates and caps that hold on this node. */
    rates: Record<RateName, Rate> & {
      commandCosts: Partial<Record<string, number>>
      /** Most connections at a time, on this node. */
      userConnections: number
      addressConnections: number
      /** Most attempts that wait on this node to try one account from one address. */
      waitingLogins: number
    }
  }
}

/** The rates that hold here: LIMITS=relaxed multiplies every one of them, so that tests and load meet none. */
export const ratesPlugin = fp(async (app) => {
  const { LIMITS, USER_CONNECTIONS, ADDRESS_CONNECTIONS } = app.config
  const times = LIMITS === 'relaxed' ? relaxedTimes : 1
  const scaled = Object.entries(standardRates).map(([name, { most, windowMs }]) => [name, { most: most * times, windowMs }])
  app.decorate('rates', {
    ...Object.fromEntries(scaled) as Record<RateName, Rate>,
    commandCosts,
    userConnections: USER_CONNECTIONS * times,
    addressConnections: ADDRESS_CONNECTIONS * times,
    waitingLogins: waitingLogins * times
  })
}, { name: 'rates', dependencies: ['config'] })
