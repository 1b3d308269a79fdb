import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startNodes } from '../helpers/node.ts'
import type { Ending } from '../helpers/stores.ts'
import { root } from '../repository/sources.ts'
import { t } from '../suite.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts

/** The blocks of one language, in order. */
function blocks (language: string): string[] {
  return [...readme.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].filter((match) => match[1] === language).map((match) => match[2] ?? '')
}

/** Runs a shell script in a process group of its own, and resolves with what it has printed once a line matches. */
function printedUntil (script: string, cwd: string, wanted: RegExp, t: Ending): Promise<string[]> {
  const shell = spawn('bash', ['-c', script], { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  t.teardown(() => { process.kill(-(shell.pid ?? 0), 'SIGKILL') })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error(`Nothing like ${String(wanted)} within 30 s, but:\n${lines.join('\n')}`)) }, 30_000)
    for (const stream of [shell.stdout, shell.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        if (!wanted.test(line)) return
        clearTimeout(timer)
        resolve(lines)
      })
    }
  })
}

const noCurl = spawnSync('curl', ['--version']).error ? 'there is no curl here' : false

t.test('the first message goes as the README says', { skip: noCurl }, async (t) => {
  const [node] = await startNodes(t, 1)
  const folder = t.testdir({ 'bob.mjs': blocks('js')[0] ?? '' })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const commands = blocks('sh').filter((block) => block.includes('call '))
  const script = commands.join('\n').replaceAll('http://localhost:3000', node.url)
    // A person looks before going on; here grep does.
    .replace('$room &', '$room | tee bob.log &').replace('sleep 2', 'until grep -qs "bob is in" bob.log; do sleep 0.1; done')

  const printed = await printedUntil(`set -e\n${script}\nwait`, folder, /message\.sent/, t)

  t.match(printed.join('\n'), /"username":"alice"[^]*"session":[^]*"name":"Lobby"[^]*bob is in Lobby\n[^]*3 message\.sent \{ text: 'Hello, bob' \}/)
})

t.test('the client is ten lines long', async (t) => {
  t.same(blocks('js').map((block) => block.trim().split('\n').length), [10])
})

t.test('every npm script, file and folder that the README names is there', async (t) => {
  const commands = [...readme.matchAll(/npm (run )?(\w+)/g)].map(([, , name = '']) => name).filter((name) => name !== 'ci')
  for (const name of commands) t.ok(name in scripts, `npm run ${name}`)
  const links = [...readme.matchAll(/\]\((?!http)([^)]+)\)/g)].map(([, path = '']) => path)
  const folders = [...readme.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path))
  t.ok(links.length > 0 && folders.length > 5)
  for (const path of [...links, ...folders]) t.ok(existsSync(join(root, path)), path)
})

t.test('every picture that the README shows is there, and not too heavy', async (t) => {
  const pictures = [...readme.matchAll(/docs\/images\/[\w-]+\.png/g)].map(([path]) => path)
  t.ok(pictures.length > 0)
  for (const path of pictures) t.ok(statSync(join(root, path)).size < 150_000, path)
})
