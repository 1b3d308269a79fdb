/** What postgres.js (3.4.9) keeps of a statement in it. */
interface Spent {
  args: unknown[]
  parameters: unknown[]
  string: string
  signature: string
}

/**
 * Asks, and takes the rows and all that was asked with out of the statement.
 *
 * For what is asked all the time. One statement of postgres.js that V8 has moved among what is old keeps the next one from
 * being collected as young, and so on until the whole heap is looked through: every batch of messages would grow old with
 * all its texts. Emptied statements do the same, but they are small.
 */
export async function takeRows<Row> (query: Promise<Row[]>): Promise<Row[]> {
  const rows = await query
  Object.assign(query as unknown as Spent, { args: [], parameters: [], string: '', signature: '' } satisfies Spent)
  return rows.splice(0)
}
