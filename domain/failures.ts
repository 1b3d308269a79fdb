/** Messages of ioredis for a server that cannot be asked, or did not answer in time. */
const redisMessages = /Stream isn't writeable|Command timed out|Connection is closed|max retries per request|Connection reset/
/** What Redis says while it takes no command, or no write: it is full, loads, cannot save or follows another. */
const redisRefusals = /^(LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|TRYAGAIN|OOM|EXECABORT|MISCONF|NOREPLICAS)\b/
const redisNames = new Set(['MaxRetriesPerRequestError', 'AbortError', 'ClusterAllFailedError'])

/** Whether Redis could not be asked: never the same as its having said no. */
export function isRedisUnavailable (error: unknown): boolean {
  return error instanceof Error && (redisNames.has(error.name) || redisMessages.test(error.message) || redisRefusals.test(error.message))
}
