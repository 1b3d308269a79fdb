import type { EndReason } from '../../contract/index.ts'
import type { Sql } from '../client.ts'

/** As columns of a user's row to set: whichever sessions began before are dead, but for the kept one. */
export function raised (sql: Sql, reason: EndReason, keptSessionId: string | null) {
  return sql`session_generation = session_generation + 1, generation_reason = ${reason}, kept_session_id = ${keptSessionId}`
}

/** Ends every session of a user but this one, where one is kept: those that Redis tells of, and any other that began before. */
export async function raiseSessionGeneration (sql: Sql, userId: string, keptSessionId: string | null): Promise<void> {
  await sql`update users set ${raised(sql, 'revoked', keptSessionId)} where id = ${userId}`
}
