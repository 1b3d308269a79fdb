/** Messages and codes of ioredis for a server that cannot be asked, or did not answer in time. */
const redisMessages = /Stream isn't writeable|Command timed out|Connection is closed|max retries per request|LOADING|CLUSTERDOWN|MASTERDOWN|READONLY|Connection reset/
const redisNames = new Set(['MaxRetriesPerRequestError', 'AbortError', 'ClusterAllFailedError'])

/** Whether Redis could not be asked: never the same as its having said no. */
export function isRedisUnavailable (error: unknown): boolean {
  return error instanceof Error && (redisNames.has(error.name) || redisMessages.test(error.message))
}
