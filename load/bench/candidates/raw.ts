import { scriptPath } from '../server-process.ts'
import { createCandidate } from './candidate.ts'

/** A prepared websocket frame for each message, and nothing else: what the machine needs at least. */
export const raw = createCandidate('raw', () => ({ script: scriptPath('./baseline/raw-fan-out.js'), env: {} }))
