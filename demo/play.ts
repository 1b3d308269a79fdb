import { createHash } from 'node:crypto'
import { CookieJar, createParley, createRest, ParleyError, type CallAnswer, type Rest } from '../sdk/index.ts'
import { password, people, usernames, type Username } from './people.ts'
import { direct, rooms, type RoomScene, type Scene } from './script.ts'

type Room = CallAnswer<'getRoom'>['room']

interface Actor {
  id: string
  rest: Rest
  jar: CookieJar
}

/** What somebody thinks of a message. */
interface Reaction {
  by: Username
  roomId: string
  seq: number
  emoji: string
}

type Cast = Record<Username, Actor>

const timeoutMs = 30_000

/** A UUID that is the same every time, so that whoever plays the demo again says nothing twice. */
function idOf (...parts: (string | number)[]): string {
  const hash = createHash('sha256').update(parts.join('/')).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

/** Brings the demo's people and rooms into a server; what is there already is left as it is. @throws ParleyError, or Error when one of them is somebody else there */
export async function play (url: string): Promise<void> {
  const cast = await gather(url)
  const reactions: Reaction[] = []
  for (const scene of rooms) reactions.push(...await perform(cast, scene, await findOrMake(cast, scene)))
  for (const scene of direct) {
    const [first, second] = scene.members as [Username, Username]
    const { room } = await cast[first].rest('openDirectRoom', { body: { userId: cast[second].id } })
    reactions.push(...await perform(cast, scene, room))
  }
  // One after the other: reactions stand in the order in which they come.
  for (const username of usernames) await react(url, cast[username], reactions.filter(({ by }) => by === username))
  await Promise.all(usernames.map((username) => cast[username].rest('logout')))
}

async function gather (url: string): Promise<Cast> {
  const entries: [Username, Actor][] = []
  for (const username of usernames) entries.push([username, await signIn(url, username)])
  return Object.fromEntries(entries) as Cast
}

async function signIn (url: string, username: Username): Promise<Actor> {
  const jar = new CookieJar()
  const rest = createRest({ url, jar, fetch, timeoutMs })
  try {
    await rest('register', { body: { username, password, displayName: people[username] } })
  } catch (error) {
    if (!(error instanceof ParleyError && error.code === 'user.username_taken')) throw error
  }
  const { user } = await rest('login', { body: { username, password } }).catch((error: unknown) => {
    if (!(error instanceof ParleyError && error.code === 'session.invalid_credentials')) throw error
    throw new Error(`there is a ${username} with another password; the demo wants a server where its people are new.`, { cause: error })
  })
  return { id: user.id, rest, jar }
}

async function findOrMake (cast: Cast, { name, kind, topic, members }: RoomScene): Promise<Room> {
  const [maker, ...others] = members.map((username) => cast[username]) as [Actor, ...Actor[]]
  const { rooms } = await maker.rest('listRooms')
  const known = rooms.find(({ room }) => room.name === name && room.kind === kind)?.room
  const room = known ?? (await maker.rest('makeRoom', { body: { name, kind, topic } })).room
  for (const { id } of others) await maker.rest('putMember', { params: { roomId: room.id, userId: id } })
  return room
}

async function perform (cast: Cast, { lines }: Scene, { id: roomId }: Room): Promise<Reaction[]> {
  const seqs: number[] = []
  for (const [number, { by, text, to }] of lines.entries()) {
    const body = { id: idOf(roomId, number), text, ...(to !== undefined && { replyTo: seqs[to] }) }
    const { message } = await cast[by].rest('sendMessage', { params: { roomId }, body })
    seqs.push(message.seq)
  }
  return lines.flatMap(({ reactions = [] }, number) =>
    reactions.map(([by, emoji]) => ({ by, roomId, seq: seqs[number] as number, emoji })))
}

/** Reactions are a socket's: there is no REST call for them. */
async function react (url: string, { jar }: Actor, reactions: Reaction[]): Promise<void> {
  const parley = createParley({ url, jar })
  try {
    const isOnline = new Promise<void>((resolve) => {
      parley.on('state', (state) => { if (state === 'online') resolve() })
    })
    await parley.currentUser()
    await isOnline
    await Promise.all(reactions.map(({ roomId, seq, emoji }) => parley.rooms.get(roomId)?.react(seq, emoji)))
  } finally {
    parley.close()
  }
}
