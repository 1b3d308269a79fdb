import { openDatabase } from '../db/client.ts'
import { commands } from './commands/index.ts'
import { explain, Failure } from './failure.ts'
import { hostOf, readSurroundings } from './surroundings.ts'

const help = [
  'What only the operator of Parley may do, on the database of the nodes, whether or not they run.',
  '',
  ...[...commands].map(([name, { summary }]) => `  ${`${name} <username>`.padEnd(28)}${summary}`),
  `  ${'help'.padEnd(28)}prints this`,
  '',
  'Settings, from the environment:',
  '',
  '  DATABASE_URL  the database; when it is missing, that of the embedded cluster that runs in DATA_DIR [.data]',
  '  PUBLIC_URL    where browsers reach Parley, for links; when it is missing, where the embedded cluster serves'
]

async function run ([name, ...rest]: string[]): Promise<string[]> {
  if (name === 'help' || name === '--help' || name === '-h') return help
  const command = commands.get(name ?? '')
  if (!command) {
    const known = `${[...commands.keys()].join(', ')} and help`
    throw new Failure(name === undefined ? `Name a command: there are ${known}.` : `There is no command ${name}: there are ${known}.`, 2)
  }
  const [username, ...others] = rest
  if (!username || others.length > 0) throw new Failure(`Name one user: ${name} <username>.`, 2)
  const { databaseUrl, publicUrl } = readSurroundings(process.env)
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) throw new Failure('Set DATABASE_URL: it must begin with postgres:// or postgresql://.')
  try {
    const database = openDatabase({ url: databaseUrl, connections: 1, applicationName: 'parley-admin' })
    try {
      return await command.run(username.toLowerCase(), { sql: database.sql, publicUrl })
    } finally {
      await database.close()
    }
  } catch (error) {
    throw explain(error, hostOf(databaseUrl))
  }
}

try {
  process.stdout.write((await run(process.argv.slice(2))).join('\n') + '\n')
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof Failure ? error.exitCode : 1
}
