import { basename } from 'node:path'
import { t } from '../suite.ts'
import { readSources } from './sources.ts'

const sources = readSources(['.ts', '.tsx', '.css', '.js', '.lua', '.sh'])
const linesOf = (text: string) => text.split('\n').length - 1

t.test('no file is longer than 300 lines, and no test than 400', async (t) => {
  const long = sources.filter(({ path, text }) => linesOf(text) > (path.startsWith('test/') ? 400 : 300))
  t.same(long.map(({ path, text }) => `${path}: ${linesOf(text)} lines`), [])
})

t.test('the median file is shorter than 70 lines', async (t) => {
  const lengths = sources.map(({ text }) => linesOf(text)).sort((a, b) => a - b)
  t.ok((lengths[Math.floor(lengths.length / 2)] ?? 0) < 70)
})

t.test('files are named in kebab-case', async (t) => {
  const names = sources.map(({ path }) => path).filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|module))?\.(tsx?|css|js|lua|sh)$/.test(basename(path)))
  t.same(names, [])
})

t.test('nothing is put off and no check is switched off', async (t) => {
  const excuses = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'eslint-' + 'disable', '@ts-' + '(ignore|nocheck|expect-error)'].join('|'))
  const found = sources.flatMap(({ path, text }) => text.split('\n').flatMap((line, index) => excuses.test(line) ? [`${path}:${index + 1}`] : []))
  t.same(found, [])
})
