// Builds the web client into dist/web, and its tests into dist/test/web: when anything they are made of has changed, which
// a digest kept beside them tells.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { dist, filesBelow, root } from './assets.js'

/** What a first visit loads, gzipped; what is loaded later, such as the emoji picker, does not count. */
const budgetBytes = 200_000

const sources = ['web', 'sdk', 'contract', 'test/web'].map((folder) => join(root, folder))
const output = join(dist, 'web')
const testOutput = join(dist, 'test/web')
const digestFile = join(dist, '.web-digest')

function digestSources () {
  const hash = createHash('sha256')
  const settings = ['package-lock.json', 'tsconfig.json', 'scripts/web.js'].map((name) => join(root, name))
  const files = sources.filter((folder) => existsSync(folder)).flatMap((folder) => [...filesBelow(folder)])
  for (const path of [...settings, ...files.sort()]) {
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

function isBuilt (digest) {
  return existsSync(join(output, 'index.html')) && existsSync(digestFile) && readFileSync(digestFile, 'utf8') === digest
}

function checkTypes () {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const child = spawn(process.execPath, [compiler, '-p', join(root, 'web')], { stdio: 'inherit' })
  return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)))
}

/** How Vite builds the page; `npm run dev` serves it with the same. */
export const pageSettings = {
  configFile: false,
  root: join(root, 'web'),
  plugins: [react()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  logLevel: 'warn',
  build: {
    outDir: output,
    emptyOutDir: true,
    target: 'es2022',
    // Everything is a file of ours: the page's policy knows no other source of scripts and styles.
    assetsInlineLimit: 0,
    manifest: true,
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000
  }
}

/** Tests run in Node: what they import of ours is bundled into them, packages are not. */
const testSettings = (entries) => ({
  ...pageSettings,
  root,
  build: {
    ssr: true,
    outDir: testOutput,
    emptyOutDir: true,
    target: 'node20',
    sourcemap: true,
    minify: false,
    rollupOptions: { input: entries, output: { entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' } }
  }
})

function testEntries () {
  const folder = join(root, 'test/web')
  const names = readdirSync(folder).filter((name) => /\.test\.tsx?$/.test(name))
  return Object.fromEntries(names.map((name) => [name.replace(/\.tsx?$/, ''), join(folder, name)]))
}

/** Beside each file what a browser would rather have: compressed once, and well. */
function compress () {
  for (const path of [...filesBelow(join(output, 'assets'))].filter((name) => /\.(js|css|svg|json)$/.test(name))) {
    const bytes = readFileSync(path)
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  }
}

/** What index.html loads, directly or not, as far as it is loaded at once. */
function measureFirstLoad () {
  const manifest = JSON.parse(readFileSync(join(output, '.vite/manifest.json'), 'utf8'))
  const files = new Set()
  const visit = (name) => {
    const { file, css = [], imports = [] } = manifest[name]
    if (files.has(file)) return
    for (const path of [file, ...css]) files.add(path)
    imports.forEach(visit)
  }
  visit('index.html')
  rmSync(join(output, '.vite'), { recursive: true })
  return [...files].reduce((sum, file) => sum + readFileSync(join(output, `${file}.gz`)).length, 0)
}

/** Says whether all went well; what is wrong has been said. */
export async function buildWeb () {
  const digest = digestSources()
  if (isBuilt(digest)) return true
  rmSync(digestFile, { force: true })
  const typesChecked = checkTypes()
  try {
    await build(pageSettings)
    const entries = testEntries()
    if (Object.keys(entries).length > 0) await build(testSettings(entries))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    await typesChecked
    return false
  }
  compress()
  const firstLoad = measureFirstLoad()
  console.log(`web: the first visit loads ${(firstLoad / 1000).toFixed(0)} kB (gzip) of at most ${budgetBytes / 1000}`)
  const isWithin = firstLoad <= budgetBytes
  if (!isWithin) console.error('web: that is more than the budget.')
  const isSound = await typesChecked && isWithin
  if (isSound) writeFileSync(digestFile, digest)
  return isSound
}
