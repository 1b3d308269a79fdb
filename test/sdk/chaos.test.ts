import { setTimeout as wait } from 'node:timers/promises'
import { startNodes } from '../helpers/node.ts'
import { t } from '../suite.ts'
import { seqs, signedIn, upTo, Watcher } from './helpers.ts'
import { Line } from './line.ts'
import { createRandom } from './log-world.ts'

const stormMs = 2500

t.test('four people write while their lines break again and again: all see the same, each message once, each sender in order', async (t) => {
  const seed = Number(process.env.TEST_SEED ?? Date.now() % 100_000)
  t.comment(`seed ${seed}`)
  const random = createRandom(seed)
  const nodes = await startNodes(t, 3)
  const anyNode = () => nodes[Math.floor(random() * nodes.length)] ?? nodes[0]
  const names = ['alice', 'bob', 'carol', 'dave']
  const lines = await Promise.all(names.map(() => Line.open(t, anyNode())))
  const people = await Promise.all(names.map((name, index) => signedIn(t, lines[index]?.url ?? '', name)))
  const watchers = people.map((parley) => new Watcher(parley))
  const [alice] = people
  if (!alice) throw new Error('there is alice')
  const made = await Promise.all(upTo(5).map((number) => alice.rooms.make({ name: `Room ${number}`, kind: 'public' })))
  for (const parley of people) for (const { id } of made) await parley.rooms.join(id)

  const sent: Array<Promise<unknown>> = []
  const endAt = Date.now() + stormMs
  for (let round = 0; Date.now() < endAt; round++) {
    const line = lines[Math.floor(random() * lines.length)]
    if (random() < 0.15) line?.cut()
    else if (random() < 0.5) line?.lead(anyNode())
    people.forEach((parley, index) => {
      const room = parley.rooms.get(made[Math.floor(random() * made.length)]?.id ?? '')
      if (random() < 0.7) sent.push(room.send(`${names[index]} ${round}`))
    })
    await wait(5)
  }
  for (const line of lines) line.lead(anyNode())
  await Promise.all(sent)

  let total = 0
  for (const { id } of made) {
    const { lastSeq } = await alice.call('readEvents', { params: { roomId: id }, query: { limit: 1 } })
    total += lastSeq - people.length
    const logs = await Promise.all(watchers.map((watcher) => watcher.caughtUp(id, lastSeq)))
    for (const log of logs) t.same(seqs(log), upTo(lastSeq))
    const stories = logs.map((log) => log.map((event) => [event.seq, event.id, event.data]))
    for (const story of stories) t.same(story, stories[0])
    for (const name of names) {
      const rounds = watchers[0]?.texts(id).filter((text) => text?.startsWith(name)).map((text) => Number(text?.split(' ')[1])) ?? []
      t.same(rounds, rounds.toSorted((a, b) => a - b), `${name}'s in order`)
    }
  }
  t.equal(total, sent.length, 'nothing is lost and nothing is there twice')
})
