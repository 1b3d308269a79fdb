import type { EndReason } from '../../contract/index.ts'
import { createParley, ParleyError, webStorage } from '../../sdk/index.ts'
import { createMembersStore } from '../stores/members-store.ts'
import { createPeople } from '../stores/people.ts'
import { createPresenceWatcher } from '../stores/presence-watcher.ts'
import { createSessionStore, type Session } from '../stores/session-store.ts'
import { openTabs } from './tabs.ts'

/** Begins the one session of this page: it survives every change of route and ends with signing out. */
export function startSession (): Session {
  const parley = createParley({ storage: webStorage(localStorage) })
  const { store } = createSessionStore(parley)
  const people = createPeople(parley, store)
  const tabs = openTabs((reason) => { void follow(reason) })
  let isLeaving = false

  async function open (): Promise<void> {
    try {
      await parley.currentUser()
      store.setState({ opening: 'known', openingError: undefined })
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      // While somebody is signed in the connection says how it stands.
      if (!parley.user) store.setState({ opening: 'failed', openingError: error })
    }
  }

  /** Another tab has found out something; the socket may say the same, before or after. */
  async function follow (reason: EndReason | undefined): Promise<void> {
    await open()
    const { ended } = store.getState()
    if (ended && ended.reason === undefined) store.setState({ ended: { reason } })
  }

  parley.on('signedOut', ({ reason }) => {
    if (isLeaving) store.setState({ ended: undefined })
    tabs.tell(reason)
  })
  addEventListener('online', () => { parley.reconnect() })
  void open()

  return {
    parley,
    store,
    people,
    members: createMembersStore(parley, people),
    presenceWatcher: createPresenceWatcher(parley),
    open,
    async signIn (credentials) {
      await parley.signIn(credentials)
      tabs.tell()
    },
    async signOut () {
      isLeaving = true
      try {
        await parley.signOut()
      } finally {
        isLeaving = false
      }
    }
  }
}
