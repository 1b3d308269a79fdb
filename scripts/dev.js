// npm run dev: the cluster with one node, compiled and started anew on every change, with readable logs, and the web
// client as it is being written, on a port of its own (5173 unless taken). The settings of `npm start` hold here too, such
// as NODES=3. Ctrl-C ends it all.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, watch } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { prettyFactory } from 'pino-pretty'
import { createServer } from 'vite'
import { assetFolders, copyAssets, isAsset, root } from './assets.js'
import { pageSettings } from './web.js'

const env = { NODES: '1', LOG_LEVEL: 'info', DRAIN_SECONDS: '0', ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --enable-source-maps` }
const pretty = prettyFactory({ colorize: process.stdout.isTTY, ignore: 'pid,hostname,node', translateTime: 'HH:MM:ss.l', singleLine: true })

/** Lines of nodes are JSON behind the node's name. */
function printLine (line) {
  const [, name, json] = /^(\S+) \| (\{.*\})$/.exec(line) ?? []
  console.log(json ? `${name} | ${pretty(json).trimEnd()}` : line)
}

function startCluster () {
  const child = spawn(process.execPath, [join(root, 'dist/cluster/main.js')], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface({ input: child.stdout }).on('line', printLine)
  return child
}

/** The cluster starts whatever ends again, and that with the code as it is now. */
function restartNodes () {
  const file = resolve(root, env.DATA_DIR || '.data', 'cluster.json')
  try {
    for (const { pid } of JSON.parse(readFileSync(file, 'utf8')).nodes) if (pid) process.kill(pid, 'SIGTERM')
  } catch (error) {
    // Still starting, or the node has just ended: it comes with the new code.
    if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error
  }
}

let timer
function restartSoon () {
  clearTimeout(timer)
  timer = setTimeout(restartNodes, 100)
}

function watchSources () {
  const args = [join(root, 'node_modules/typescript/bin/tsc'), '-p', root, '--watch', '--preserveWatchOutput']
  const compiler = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let isFirst = true
  createInterface({ input: compiler.stdout }).on('line', (line) => {
    const [, errors] = /Found (\d+) errors?\. Watching/.exec(line) ?? []
    if (errors === undefined ? /error TS|^\s+\S/.test(line) : errors !== '0') console.log(line)
    if (errors === '0' && !isFirst) restartSoon()
    if (errors !== undefined) isFirst = false
  })
  return compiler
}

function watchAssets () {
  for (const folder of assetFolders) {
    watch(folder, { recursive: true }, (_event, name) => {
      if (!name || !isAsset(name)) return
      copyAssets()
      restartSoon()
    })
  }
}

/** The page from Vite, everything else from the cluster. */
async function servePage () {
  const target = `http://localhost:${env.PORT || 3000}`
  const proxy = Object.fromEntries(['/api', '/socket.io', '/docs'].map((path) => [path, { target, ws: path === '/socket.io' }]))
  const vite = await createServer({ ...pageSettings, server: { proxy } })
  await vite.listen()
  console.log(`web | ${vite.resolvedUrls?.local[0]}`)
  return vite
}

// With mistakes in it as well: the compiler has named them, and the first save without any brings the node up to date.
spawnSync(process.execPath, [join(root, 'scripts/build.js')], { stdio: 'inherit' })

const cluster = startCluster()
const compiler = watchSources()
watchAssets()
const vite = await servePage()

// A terminal's Ctrl-C has reached the cluster as well; this is for a signal to us alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => cluster.kill(signal))
cluster.once('exit', (code) => {
  compiler.kill()
  void vite.close()
  process.exit(code ?? 1)
})
