import { checkHistory } from '../../load/prove/check/index.ts'
import type { Frame } from '../../load/prove/history.ts'
import { t } from '../suite.ts'
import { SmallWorld } from './world.ts'

/** Carol is removed at seq 5; seq 6 is not for her. */
function removal () {
  const world = new SmallWorld()
  const before = [...world.events, world.send(world.alice, 'before')]
  const left = world.leave(world.carol)
  const after = world.send(world.alice, 'after')
  const kindsOf = (frames: Frame[], log = before): string[] => {
    const carol = world.client('carol', world.carol, frames, log)
    return [...new Set(checkHistory(world.history(carol), world.truth).map(({ kind }) => kind))]
  }
  return { world, before, left, after, kindsOf }
}

t.test('a removed member who sees nothing more is right', async (t) => {
  const { world, before, kindsOf } = removal()
  t.same(kindsOf([world.ready(0), world.live(...before), world.left()]), [])
})

t.test('S4: what a removed member sees is found: their own removal, what came after it, and after room:left', async (t) => {
  const { world, before, left, after, kindsOf } = removal()
  t.same(kindsOf([world.ready(0), world.live(...before, left), world.left()]), ['afterRemoval'])
  t.same(kindsOf([world.ready(0), world.live(...before, left, after), world.left()]), ['afterRemoval'])
  t.same(kindsOf([world.ready(0), world.live(...before), world.left(), world.live(left)]), ['afterRemoval'])
  t.same(kindsOf([world.ready(0), world.live(...before), world.left()], [...before, left]), ['afterRemoval'], 'by whatever way')
})

t.test('whoever came back sees nothing from between until they were told that they are back', async (t) => {
  const { world, before, left, after, kindsOf } = removal()
  world.join(world.carol)
  t.same(kindsOf([world.ready(0), world.live(...before, left, after, ...world.events.slice(6))], world.events), ['afterRemoval'])
})

t.test('in the end every connection is in the rooms that the database says', async (t) => {
  const { world, before, kindsOf } = removal()
  t.same(kindsOf([world.ready(0), world.live(...before)]), ['membership'], 'never taken out')
  world.join(world.carol)
  t.same(kindsOf([world.ready(0), world.live(...before), world.left()], world.events), ['membership'], 'never let in')
})

t.test('whoever is removed before they could ask for what they had missed lacks it, and nobody else does', async (t) => {
  const { world, before, kindsOf } = removal()
  const [joined, ...others] = before
  const missed = others.slice(0, -1)
  const last = others.slice(-1)
  const log = [...joined ? [joined] : [], ...last]
  const cutShort = [world.ready(1 + missed.length), world.live(...last), world.left()]
  t.same(kindsOf(cutShort, log), [])
  t.same(kindsOf([...cutShort.slice(0, 1), world.synced(1, missed, 1 + missed.length), ...cutShort.slice(1)], log), ['gap'], 'it had been given them')
  t.same(kindsOf([world.ready(1), world.live(...last), world.left()], log), ['gap'], 'they came after it was there')
  world.join(world.carol)
  t.ok(kindsOf(cutShort, log).includes('gap'), 'who is let in again can ask')
})
