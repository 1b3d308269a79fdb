import type { Violation } from '../check/violation.ts'
import type { Conditions } from '../conditions.ts'
import type { Picture, Watch } from './history.ts'

/** The outage began between the last question that was answered and the next one. */
const aboutMs = 500

/** Pictures that were asked for and answered while the observer's node could not ask Redis. */
export function findUnasked ({ node, pictures }: Watch, { silences }: Conditions): Picture[] {
  const outages = silences.filter((silence) => silence.node === node && silence.why === 'redis')
  return pictures.filter(({ askedAt, answeredAt }) => outages.some(({ from, until }) => from + aboutMs < askedAt && answeredAt < until))
}

/** P3: of such a picture everything is `unknown`. */
export function checkPictures (watch: Watch, names: Map<string, string>, conditions: Conditions): Violation[] {
  return findUnasked(watch, conditions).flatMap(({ askedAt, known }): Violation[] => {
    if (!known) return []
    const who = names.get(known.userId) ?? known.userId
    return [{ kind: 'knownUnasked', at: askedAt, client: who, sentence: `${watch.observer} asked while its node had no Redis, and was told that ${who} is ${known.status}.` }]
  })
}
