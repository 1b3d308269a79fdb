import { randomUUID } from 'node:crypto'
import t from 'tap'
import { Appender } from '../../domain/appender.ts'
import { createWorld } from './world.ts'

t.test('a batch is one statement, unless something is refused; then they are careful for a while', async (t) => {
  const { plannedOnce, rooms, user } = await createWorld(t)
  const [alice, eve] = [await user('alice'), await user('eve')]
  const { id: roomId } = await rooms.make(alice, { name: 'Tea', kind: 'public' })
  const asked: string[] = []
  plannedOnce.options.debug = (_connection: number, query: string) => { asked.push(query.includes('for no key update') ? 'carefully' : 'optimistically') }
  const says = ({ userId: actorId }: typeof alice) => ({ roomId, id: randomUUID(), actorId, text: 'hi' })
  const append = async (appender: Appender, ...speakers: Array<typeof alice>) => {
    asked.length = 0
    const verdicts = await appender.append(plannedOnce, speakers.map(says))
    return { ways: [...asked], appended: verdicts.map(({ seq }) => seq !== null) }
  }

  const patient = new Appender({ carefulMs: 3_600_000 })
  t.same(await append(patient, alice, alice), { ways: ['optimistically'], appended: [true, true] })
  t.same(await append(patient, alice, eve), { ways: ['optimistically', 'carefully'], appended: [true, false] })
  t.same(await append(patient, alice), { ways: ['carefully'], appended: [true] })

  const quick = new Appender({ carefulMs: 0 })
  t.same(await append(quick, eve), { ways: ['optimistically', 'carefully'], appended: [false] })
  t.same(await append(quick, alice), { ways: ['optimistically'], appended: [true] })
})
