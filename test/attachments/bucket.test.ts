import fastify from 'fastify'
import { configPlugin, readConfig } from '../../plugins/config.ts'
import { filesPlugin } from '../../plugins/files.ts'
import { metricsPlugin } from '../../plugins/metrics.ts'
import { startNodes } from '../helpers/node.ts'
import { people } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { t } from '../suite.ts'
import { startBucket } from './bucket.ts'
import { download, makePicture, upload, uploaded } from './world.ts'

t.test('with a bucket in place of a folder it is the same', async (t) => {
  const { settings } = await startBucket(t)
  const [one, two] = await startNodes(t, 2, settings)
  const [alice] = await people(one, 'alice')
  const room = await alice.makeRoom()
  const bytes = await makePicture({ format: 'jpeg', width: 1200, height: 900 })
  const file = await uploaded(alice, room, bytes, 'a.jpg')
  const got = await download(alice.at(two), room, file)
  t.match([got.status, got.headers.get('content-type'), got.headers.get('content-length')], [200, 'image/jpeg', String(bytes.length)])
  t.ok(got.bytes.equals(bytes))
  t.equal((await download(alice.at(two), room, file, { thumbnail: true })).headers.get('content-type'), 'image/webp')

  const { sql } = one.app.database
  await sql`update attachments set created_at = 'epoch'`
  await one.app.domain.attachments.sweep()
  t.same((await sql`select from attachments`).length, 0)
  for (const key of [`${file.id.slice(0, 2)}/${file.id}`, `${file.id.slice(0, 2)}/${file.id}-thumbnail`]) t.equal(await two.app.files?.get(key), undefined)
  await one.app.files?.delete('not/there')
})

t.test('while the bucket is away uploads fail for now, and nothing hangs', async (t) => {
  const { settings, close } = await startBucket(t)
  const [one] = await startNodes(t, 1, settings)
  const [alice] = await people(one, 'alice')
  const room = await alice.makeRoom()
  const file = await uploaded(alice, room)
  await close()
  t.match((await upload(alice, room, 'words', 'a.txt')).error, { code: 'server.unavailable', retryable: true })
  t.equal((await download(alice, room, file)).code, 'server.unavailable')
})

t.test('a bucket that is not there is counted before anybody uploads, and the node serves', async (t) => {
  const { settings } = await startBucket(t)
  const [one] = await startNodes(t, 1, { ...settings, FILES_S3_BUCKET: 'elsewhere' })
  const failed = async () => /parley_files_failed_total\{action="put"[^}]*\} 1/.test(await one.app.metrics.metrics())
  await until('the start has tried it', failed)
  t.equal((await fetch(`${one.url}/readyz`)).status, 200)
})

t.test('a folder that cannot be one is refused at the start, in one sentence', async (t) => {
  const app = fastify()
  t.teardown(() => app.close())
  const config = readConfig({
    DATABASE_URL: 'postgres://localhost/parley', REDIS_URL: 'redis://localhost', SESSION_SECRET: 'a'.repeat(32), FILES_DIR: '/dev/null/files'
  })
  await app.register(configPlugin, { config })
  await app.register(metricsPlugin)
  await t.rejects(async () => { await app.register(filesPlugin) }, {
    message: /^Parley cannot start\. The folder for files cannot be used \(ENOTDIR[^\n]*set FILES_DIR\.$/
  })
})
