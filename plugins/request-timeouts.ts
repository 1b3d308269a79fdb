/** How long a request may take to arrive. Answering takes as long as it takes: a poll waits for what there is to say. */
export interface RequestTimeouts {
  headersMs: number
  /** The whole of it, with its body. */
  requestMs: number
  /** The same for a file that somebody uploads who may. */
  uploadMs: number
  /** How long whoever fetches a file may take nothing of it. */
  stalledMs: number
  /** How often those that are late are looked for. */
  checkMs: number
}

export const requestTimeouts: RequestTimeouts = { headersMs: 15_000, requestMs: 30_000, uploadMs: 300_000, stalledMs: 30_000, checkMs: 3000 }
