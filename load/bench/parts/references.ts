import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { raw } from '../candidates/raw.ts'
import { startMeter } from '../meter.ts'
import { alternate } from '../rounds.ts'
import { perUnit, type Sample } from '../sample.ts'
import type { Stage } from '../stage.ts'
import { sendMessages, warmUp } from '../traffic.ts'
import { openHall } from './fan-out.ts'
import type { Part } from './part.ts'

const rowsPerInsert = 64
const insertsAtOnce = 4
const roomCount = 50
const text = '.'.repeat(100)

/** Rows as the log has them, in rooms that nobody knows. */
async function insertRows (stage: Stage, repeat: number): Promise<Sample> {
  const sql = postgres(stage.stores.databaseUrl, { max: insertsAtOnce, fetch_types: false })
  const roomIds = Array.from({ length: roomCount }, () => randomUUID())
  let seq = 0
  const insert = async (): Promise<void> => {
    const numbers = Array.from({ length: rowsPerInsert }, () => ++seq)
    const each = (column: (number: number) => string | number): string => `{${numbers.map(column).join(',')}}`
    await sql`
      insert into room_events (room_id, seq, id, type, actor_id, at, message_number, text)
      select *, ${text} from unnest(
        ${each((number) => roomIds[number % roomCount] ?? '')}::uuid[], ${each((number) => number)}::bigint[], ${each(() => randomUUID())}::uuid[],
        ${each(() => 'message.sent')}::room_event_type[], ${each(() => roomIds[0] ?? '')}::uuid[],
        ${each(() => new Date().toISOString())}::timestamptz[], ${each((number) => number)}::bigint[])`
  }
  const insertFor = async (durationMs: number): Promise<void> => {
    const endsAt = performance.now() + durationMs
    await Promise.all(Array.from({ length: insertsAtOnce }, async () => { while (performance.now() < endsAt) await insert() }))
  }
  try {
    await insertFor(stage.sizes.warmUpMs)
    const before = seq
    const endMeter = startMeter({ nodes: [], postgres: stage.stores.postgresPid, load: [process.pid, ...stage.crew.pids] })
    await insertFor(stage.sizes.windowMs)
    const usage = endMeter()
    const rows = seq - before
    const values = { ...perUnit(usage, rows), rowsPerSecond: rows / usage.elapsedMs * 1000 }
    return { part: 'references', window: 'inserts', candidate: 'inserts', nodes: 1, repeat, values, othersShare: usage.othersShare, faults: [] }
  } finally {
    await sql.end()
  }
}

export const references: Part = {
  about: 'what the machine itself needs: prepared frames over raw ws, batched inserts',
  method: ({ hall, windowMs }) => `*saturation* of *raw*: the room of ${hall.people} as under fan-out, by a server that makes each message one websocket frame and writes it to ` +
    `every connection, and does nothing else. *inserts*: rows of the room log by ${insertsAtOnce} connections, ${rowsPerInsert} a statement, without any check. Windows of ${windowMs / 1000} s.`,

  async run (stage) {
    const { hall, windowMs } = stage.sizes
    const fanOut = await alternate(stage, { part: 'references', candidates: [raw], nodeCounts: [1] }, async (round) => {
      const senders = await openHall(stage, round)
      const load = { inFlight: hall.senders * hall.pipeline, until: 'returned' } as const
      await warmUp(stage, { senders, load })
      return [await sendMessages(stage, round, 'saturation', { senders, load, durationMs: windowMs })]
    })
    const inserts: Sample[] = []
    for (let repeat = 0; repeat < stage.sizes.repeats; repeat++) {
      stage.signal.throwIfAborted()
      inserts.push(await insertRows(stage, repeat))
    }
    return [...fanOut, ...inserts]
  }
}
