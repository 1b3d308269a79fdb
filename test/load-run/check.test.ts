import { countDifferences } from '../../load/run/check/compare-digests.ts'
import { hasFaults, noFaults, sumFaults } from '../../load/run/check/faults.ts'
import { RoomLog } from '../../load/run/check/room-log.ts'
import { RoomRecord } from '../../load/run/check/room-record.ts'
import { t } from '../suite.ts'

/** Bob comes when the room stands at 5. */
function listener () {
  const faults = noFaults()
  const log = new RoomLog(faults)
  return { faults, log, isBehind: log.introduce(5) }
}

t.test('what comes once and in order is right', async (t) => {
  const { faults, log, isBehind } = listener()
  t.equal(isBehind, false, 'what was before bob came is not missed')
  t.same([6, 7, 8].map((seq) => log.live(seq)), [true, true, true])
  log.close(8)
  t.same(faults, noFaults())
  t.equal(log.top, 8)
})

t.test('a hole that is never filled is lost, once for each seq', async (t) => {
  const { faults, log } = listener()
  for (const seq of [6, 9, 10]) log.live(seq)
  t.equal(log.top, 6)
  log.close(10)
  t.same(faults, { ...noFaults(), lost: 2 })
})

t.test('what was acked and never came is lost, though nothing came after it', async (t) => {
  const { faults, log } = listener()
  log.live(6)
  log.close(9)
  t.same(faults, { ...noFaults(), lost: 3 })
})

t.test('what comes twice on a connection is doubled, and not new', async (t) => {
  const { faults, log } = listener()
  t.same([6, 7, 7, 6].map((seq) => log.live(seq)), [true, true, false, false])
  log.close(7)
  t.same(faults, { ...noFaults(), doubled: 2 })
})

t.test('what comes after a later one is out of order, and not lost', async (t) => {
  const { faults, log } = listener()
  t.same([6, 8, 7, 9].map((seq) => log.live(seq)), [true, true, true, true])
  log.close(9)
  t.same(faults, { ...noFaults(), outOfOrder: 1 })
  t.equal(log.top, 9)
})

t.test('after a reconnect a sync fills what was missed, whether it comes before or after what is live', async (t) => {
  const { faults, log } = listener()
  log.live(6)
  t.equal(log.introduce(9), true)
  t.equal(log.live(10), true)
  t.same(log.synced(6, [7, 8]), [7, 8])
  t.equal(log.top, 8)
  t.same(log.synced(8, [9, 10]), [9], 'a sync covers what came live meanwhile')
  t.equal(log.live(11), true)
  log.close(11)
  t.same(faults, noFaults())
})

t.test('a reconnect to a node that is a moment behind says again what was heard, and that is right', async (t) => {
  const { faults, log } = listener()
  for (const seq of [6, 7, 8]) log.live(seq)
  t.equal(log.introduce(7), false)
  t.same([8, 9].map((seq) => log.live(seq)), [false, true])
  log.close(9)
  t.same(faults, noFaults())
})

t.test('a reconnect without a sync has lost what lies between', async (t) => {
  const { faults, log } = listener()
  log.introduce(8)
  log.live(9)
  log.close(9)
  t.same(faults, { ...noFaults(), lost: 3 })
})

t.test('the first live event must follow where the room was introduced', async (t) => {
  const { faults, log } = listener()
  log.live(7)
  log.close(7)
  t.same(faults, { ...noFaults(), lost: 1 })
})

t.test('a page of a sync must follow what was asked for', async (t) => {
  const { faults, log } = listener()
  log.introduce(9)
  log.synced(5, [7, 6, 8, 9])
  log.close(9)
  t.same(faults, { ...noFaults(), outOfOrder: 2 })
})

t.test('an acked message stands where its ack says, under one seq', async (t) => {
  const faults = noFaults()
  const record = new RoomRecord(faults)
  record.see(6, 'a')
  record.see(6, 'a')
  record.acked(6, 'a')
  record.acked(7, 'b')
  t.equal(record.top, 7)
  record.close()
  t.same(faults, noFaults(), 'what is not there is lost for its listeners, and counted there')

  record.see(7, 'x')
  record.close()
  t.same(faults, { ...noFaults(), mismatched: 1 }, 'another one stands in its place')
  record.see(8, 'a')
  t.same(faults, { ...noFaults(), mismatched: 1, doubled: 1 }, 'the same message stands twice')
  record.see(8, 'z')
  t.equal(faults.mismatched, 2, 'two listeners were told different things')
})

t.test('processes that were told different things are found', async (t) => {
  const digest = (...ids: string[]) => {
    const record = new RoomRecord(noFaults())
    ids.forEach((id, index) => { record.see(index + 1, id) })
    return record.digest()
  }
  t.equal(countDifferences([{ kitchen: digest('a', 'b') }, { kitchen: digest('a', 'b'), hall: digest('c') }]), 0)
  t.equal(countDifferences([{ kitchen: digest('a', 'b') }, { kitchen: digest('b', 'a') }]), 1)
  t.equal(countDifferences([{ kitchen: digest('a', 'b') }, { kitchen: digest('a') }]), 0, 'who was told less has lost it')
})

t.test('faults add up', async (t) => {
  const sum = sumFaults([{ ...noFaults(), lost: 1 }, { lost: 1, doubled: 2, outOfOrder: 3, mismatched: 4 }])
  t.same(sum, { lost: 2, doubled: 2, outOfOrder: 3, mismatched: 4 })
  t.equal(hasFaults(sum), true)
  t.equal(hasFaults(sumFaults([])), false)
})
