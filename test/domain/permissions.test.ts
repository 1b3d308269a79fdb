import { readFileSync } from 'node:fs'
import { permissions, type Permission } from '../../domain/permissions.ts'
import { t } from '../suite.ts'

const architecture = new URL('../../../docs/architecture.md', import.meta.url)
const roles = ['owner', 'admin', 'member'] as const

function cell (allowed: Permission['owner']): string {
  if (allowed === undefined) return 'no'
  if (allowed === true || allowed.length === roles.length) return 'yes'
  return allowed.join(', ')
}

t.test('the table of permissions in the docs is the one in the code', (t) => {
  const heads = ['action', ...roles]
  const rows = Object.entries(permissions as Record<string, Permission>)
    .map(([action, allowed]) => [action, ...roles.map((role) => cell(allowed[role]))])
  const table = [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
  t.ok(readFileSync(architecture, 'utf8').includes(table), `docs/architecture.md must have this table:\n${table}`)
  t.end()
})
