import { randomUUID } from 'node:crypto'
import { Appender } from '../../domain/appender.ts'
import { t } from '../suite.ts'
import { createWorld } from './world.ts'

t.test('a batch is one statement, unless something is refused; then all are careful for a while, and longer when it was in vain again', async (t) => {
  const { plannedOnce, rooms, user } = await createWorld(t)
  const [alice, eve] = [await user('alice'), await user('eve')]
  const { id: roomId } = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  const asked: string[] = []
  plannedOnce.options.debug = (_connection: number, query: string) => { asked.push(query.includes('for no key update') ? 'carefully' : 'optimistically') }
  let time = 0
  const appender = new Appender({ carefulMs: 1000, now: () => time })

  async function append (...speakers: Array<typeof alice>) {
    asked.length = 0
    const verdicts = await appender.append(plannedOnce, speakers.map(({ userId: actorId }) => ({ roomId, id: randomUUID(), actorId, text: 'hi' })))
    return { ways: [...asked], appended: verdicts.map(({ seq }) => seq !== null) }
  }

  const fine = { ways: ['optimistically'], appended: [true] }
  const refused = { ways: ['optimistically', 'carefully'], appended: [false] }
  t.same(await append(alice, alice), { ways: ['optimistically'], appended: [true, true] })
  t.same(await append(alice, eve), { ways: ['optimistically', 'carefully'], appended: [true, false] })
  for (const carefulMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    time += carefulMs - 1
    t.same(await append(alice), { ways: ['carefully'], appended: [true] }, `for ${carefulMs} ms`)
    time += 1
    t.same(await append(alice), fine, 'others succeed as soon as it is tried again')
    t.same(await append(eve), refused)
  }
  time += 60_000 + 3 * 60_000
  t.same(await append(eve), refused, 'after a long time it is forgotten')
  time += 1000
  t.same(await append(alice), fine)
})
