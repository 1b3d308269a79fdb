import { readFileSync } from 'node:fs'
import { readConfig } from '../../plugins/config.ts'
import { commandCosts, standardRates } from '../../plugins/rates.ts'
import { t } from '../suite.ts'

const windows = new Map([[60_000, 'a minute'], [3_600_000, 'an hour']])

t.test('the operating guide says what the limits are', async (t) => {
  const guide = readFileSync('docs/operating.md', 'utf8')
  const section = guide.slice(guide.indexOf('\n## Limits'), guide.indexOf('\n## Watching it'))
  for (const [name, { most, windowMs }] of Object.entries(standardRates)) {
    const window = windows.get(windowMs) ?? `in ${windowMs / 1000} s`
    t.ok(section.includes(`${most.toLocaleString('en')} ${window}`), name)
  }
  for (const [command, cost] of Object.entries(commandCosts)) t.ok(section.includes(`\`${command}\` counts ${cost}`), command)
  const config = readConfig({ DATABASE_URL: 'postgres://127.0.0.1/parley', REDIS_URL: 'redis://127.0.0.1', SESSION_SECRET: 'x'.repeat(32) })
  for (const name of ['USER_CONNECTIONS', 'ADDRESS_CONNECTIONS'] as const) {
    t.ok(section.includes(`\`${name}\` (${config[name].toLocaleString('en')})`), name)
  }
})
