import { setTimeout as sleep } from 'node:timers/promises'
import { ParleyError } from '../../../sdk/errors.ts'
import type { Door } from '../clients/light-socket.ts'
import type { Device } from './device.ts'
import type { Guest } from './guest.ts'
import { endOf, isDoubtful, type SessionRecord, type SessionsInTheEnd } from './history.ts'

/** Ended sessions have a bound of 10 s already; those that live need a node to come back to. */
const withinMs = 20_000

/** Waits until every socket is where it should be, and asks every node what it knows. */
export async function settleSessions (guests: Guest[], nodes: Door[]): Promise<SessionsInTheEnd> {
  const deadline = Date.now() + withinMs
  const devices = guests.flatMap((guest) => guest.devices)
  while (!devices.every(isSettled) && Date.now() < deadline) await sleep(100)
  const lacking = devices.map(({ record, sockets }) => ({ sessionId: record.id, sockets: sockets.filter(({ isReady }) => !isReady).length }))
  const end: SessionsInTheEnd = { lists: [], known: [], lacking: lacking.filter(({ sockets }) => sockets > 0) }
  for (const { name, url } of nodes) {
    const door = { name, url }
    for (const guest of guests) end.lists.push({ guest: guest.account.username, node: name, ids: await listFrom(guest, door) })
    for (const device of devices) {
      if (endOf(device.record) || isDoubtful(device.record)) end.known.push({ sessionId: device.record.id, node: name, isKnown: await isKnownTo(device, door) })
    }
  }
  return end
}

function isSettled ({ record, sockets }: Device): boolean {
  if (endOf(record)) return sockets.every(({ isOver }) => isOver)
  return sockets.every(({ isReady, isOver }) => isReady || isOver) && !(isDoubtful(record) && isMixed(record, sockets))
}

/** Told of its end on one socket and not yet on another. */
function isMixed ({ visits }: SessionRecord, sockets: Device['sockets']): boolean {
  return visits.some(({ ended }) => ended) && sockets.some(({ isReady }) => isReady)
}

/** By one that lives. */
async function listFrom ({ devices }: Guest, door: Door): Promise<string[] | undefined> {
  const device = devices.find(({ record }) => record.endings.length === 0)
  try {
    return (await device?.ask(door, 'listSessions'))?.sessions.map(({ id }) => id)
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    // Then it is the session that was lost.
    return error.code === 'session.required' ? [] : undefined
  }
}

async function isKnownTo (device: Device, door: Door): Promise<boolean | undefined> {
  try {
    await device.ask(door, 'getUser')
    return true
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    return error.code === 'session.required' ? false : undefined
  }
}
