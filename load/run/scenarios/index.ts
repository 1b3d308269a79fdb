import { bigRoom } from './big-room.ts'
import { burst } from './burst.ts'
import { loginStorm } from './login-storm.ts'
import { presenceChurn } from './presence-churn.ts'
import { reconnectStorm } from './reconnect-storm.ts'
import type { Scenario } from './scenario.ts'
import { smallRooms } from './small-rooms.ts'
import { steady } from './steady.ts'

/** All there are, as `--help` shows them. */
export const scenarios: readonly Scenario[] = [steady, burst, bigRoom, smallRooms, reconnectStorm, presenceChurn, loginStorm]

/** @throws RangeError when there is none of this name. */
export function findScenario (name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (!found) throw new RangeError(`There is no scenario "${name}". There are: ${scenarios.map((scenario) => scenario.name).join(', ')}.`)
  return found
}
