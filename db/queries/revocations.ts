import type { Account, EndReason } from '../../contract/index.ts'
import type { Sql } from '../client.ts'
import { accountColumns, toAccount } from './users.ts'

/** What Postgres needs to know of a session to say whether it is dead. */
export interface SessionKey {
  id: string
  userId: string
  /** The user's `session_generation` when the session began. */
  generation: number
}

/** `session` (id, user_id, generation, place): these, in their order. */
function given (sql: Sql, sessions: SessionKey[]) {
  return sql`
    unnest(
      ${sessions.map(({ id }) => id)}::uuid[],
      ${sessions.map(({ userId }) => userId)}::uuid[],
      ${sessions.map(({ generation }) => generation)}::bigint[]
    ) with ordinality as session (id, user_id, generation, place)`
}

/** What a statement begins with that asks for live sessions: `session`, and the user of each; see {@link isLive}. */
export function withUsers (sql: Sql, sessions: SessionKey[]) {
  return sql`${given(sql, sessions)} join users on users.id = session.user_id`
}

/** The one rule for a session that Redis holds. */
export function isLive (sql: Sql) {
  return sql`
    (users.session_generation = session.generation or users.kept_session_id = session.id)
    and not exists (select from revocations where session_id = session.id)`
}

/** Whose sessions these are, in their order: undefined where it was ended, or the account is gone, whatever Redis still holds. */
export async function findAccountsBySessions (sql: Sql, sessions: SessionKey[]): Promise<Array<Account | undefined>> {
  const rows = await sql<Array<Parameters<typeof toAccount>[0] & { place: number }>>`
    select session.place, ${accountColumns(sql)} from ${withUsers(sql, sessions)} where ${isLive(sql)}`
  const accounts = new Map(rows.map((row) => [row.place, toAccount(row)]))
  return sessions.map((_, index) => accounts.get(index + 1))
}

/** Those of these sessions that Postgres knows to be dead, by the same rule for many at once. */
export async function listDeadSessions (sql: Sql, sessions: SessionKey[]): Promise<Array<{ id: string, reason: EndReason }>> {
  return await sql<Array<{ id: string, reason: EndReason }>>`
    select session.id, coalesce(revocations.reason, users.generation_reason, 'revoked') as reason
    from ${given(sql, sessions)}
    left join users on users.id = session.user_id
    left join revocations on revocations.session_id = session.id
    where (users.session_generation = session.generation or users.kept_session_id = session.id) is not true
      or revocations.session_id is not null`
}

export interface Revocation {
  sessionId: string
  userId: string
  reason: EndReason
  untilMs: number
}

/**
 * Ends sessions, and sweeps a few rows that have done their work.
 *
 * @returns the ids of those that nobody had ended before.
 */
export async function insertRevocations (sql: Sql, revocations: Revocation[]): Promise<string[]> {
  const rows = await sql<Array<{ sessionId: string }>>`
    with swept as (
      delete from revocations where session_id in (
        select session_id from revocations where until < now() limit 100 for update skip locked
      )
    )
    insert into revocations (session_id, user_id, reason, until)
    select ended.session_id, users.id, ended.reason, to_timestamp(ended.until_ms / 1000)
    from unnest(
      ${revocations.map(({ sessionId }) => sessionId)}::uuid[],
      ${revocations.map(({ userId }) => userId)}::uuid[],
      ${revocations.map(({ reason }) => reason)}::text[],
      ${revocations.map(({ untilMs }) => untilMs)}::float8[]
    ) as ended (session_id, user_id, reason, until_ms)
    join users on users.id = ended.user_id
    on conflict (session_id) do nothing
    returning session_id as "sessionId"`
  return rows.map(({ sessionId }) => sessionId)
}
