import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import sharp from 'sharp'
import t from 'tap'
import { startNode, startNodes } from '../helpers/node.ts'
import { people, stranger } from '../helpers/person.ts'
import { until } from '../helpers/until.ts'
import { download, filesIn, headersOf, makeBomb, makeFolder, makePicture, upload, uploaded } from './world.ts'

const [folder, temporary] = [await makeFolder(t), await makeFolder(t)]
process.env.TMPDIR = temporary
const [one, two] = await startNodes(t, 2, { FILES_DIR: folder, ATTACHMENT_BYTES: 200_000 })
const [alice, bob, mallory] = await people(one, 'alice', 'bob', 'mallory')
const room = await alice.makeRoom({ kind: 'private' })
await alice.add(room, bob)

/** What the nodes of this process are receiving just now: theirs is the temporary folder. */
const filesUnderWay = (): Promise<string[]> => filesIn(temporary)

const html = '<!doctype html><html><script>alert(1)</script></html>'
const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

t.test('what alice uploads on one node she gets from the other, byte for byte', async (t) => {
  const bytes = await makePicture({ format: 'jpeg', width: 300, height: 200 })
  const { status, attachment } = await upload(alice, room, bytes, '/home/alice/Größe "1".jpg', 'image/jpeg')
  t.equal(status, 201)
  t.match(attachment, { name: 'Größe "1".jpg', type: 'image/jpeg', size: bytes.length, width: 300, height: 200, hasThumbnail: false })
  const got = await download(alice.at(two), room, attachment)
  t.equal(got.status, 200)
  t.ok(got.bytes.equals(bytes))
  t.match(Object.fromEntries(got.headers), {
    'content-type': 'image/jpeg',
    'content-length': String(bytes.length),
    'content-disposition': "inline; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.jpg",
    'x-content-type-options': 'nosniff',
    'content-security-policy': /sandbox/,
    'cache-control': /private.*immutable/
  })
  t.equal((await download(alice, room, attachment, { thumbnail: true })).code, 'attachment.not_found')

  const again = await download(alice, room, attachment, { headers: { 'if-none-match': got.headers.get('etag') ?? '' } })
  t.match([again.status, again.bytes.length], [304, 0])
})

t.test('a large picture gets a thumbnail, turned as it is to be shown, which does not say where it was taken', async (t) => {
  const bytes = await makePicture({ format: 'jpeg', width: 2000, height: 1000, orientation: 6 })
  t.ok((await sharp(bytes).metadata()).exif)
  const attachment = await uploaded(alice, room, bytes, 'trip.jpg')
  t.match(attachment, { width: 1000, height: 2000, hasThumbnail: true })
  const thumbnail = await download(alice.at(two), room, attachment, { thumbnail: true })
  t.equal(thumbnail.headers.get('content-type'), 'image/webp')
  t.match(await sharp(thumbnail.bytes).metadata(), { format: 'webp', width: 320, height: 640, exif: undefined, orientation: undefined })
  t.ok((await download(alice, room, attachment)).bytes.equals(bytes), 'the picture itself is as it was sent')
})

t.test('what a file is, its bytes say', async (t) => {
  const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0', 'latin1'), Buffer.alloc(28)])
  const cases: Array<[string, Uint8Array | string, string]> = [
    ['a.png', await makePicture(), 'image/png'],
    ['a.gif', await makePicture({ format: 'gif' }), 'image/gif'],
    ['a.webp', await makePicture({ format: 'webp' }), 'image/webp'],
    ['a.avif', await makePicture({ format: 'avif' }), 'image/avif'],
    ['a.pdf', '%PDF-1.7\n%âãÏÓ\n1 0 obj\n', 'application/pdf'],
    ['report.docx', Buffer.from('504b03041400000008000000', 'hex'), 'application/zip'],
    ['a.mp4', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat', 'latin1'), 'video/mp4'],
    ['a.mp3', Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\0\x0a', 'latin1'), Buffer.alloc(10), Buffer.from('fffb9064', 'hex'), Buffer.alloc(500)]), 'audio/mpeg'],
    ['a.wav', wav, 'audio/wav'],
    ['notes.png', 'Only words, naïve ones 🎈', 'text/plain'],
    ['page.png', html, 'text/plain'],
    ['drawing.svg', svg, 'text/plain']
  ]
  for (const [name, bytes, type] of cases) {
    const { status, attachment } = await upload(alice, room, bytes, name, 'image/png')
    t.match([name, status, attachment?.type], [name, 201, type])
    const { headers } = await download(alice, room, attachment)
    t.match(headers.get('content-disposition'), type.startsWith('image/') ? /^inline/ : /^attachment/, name)
    t.equal(headers.get('content-type')?.split(';')[0], type)
  }
})

t.test('what is not allowed, broken, or too large is refused, and nothing of it stays', async (t) => {
  const before = await filesIn(folder)
  const png = await makePicture({ width: 800, height: 800 })
  const cases: Array<[string, Uint8Array | string, string]> = [
    ['program', Buffer.from('\x7fELF\x02\x01\x01\0\0\0', 'latin1'), 'attachment.refused'],
    ['noise.txt', Buffer.concat([Buffer.from([0x80, 0x81]), randomBytes(5000)]), 'attachment.refused'],
    ['nul.txt', 'text with\0NUL', 'attachment.refused'],
    ['latin1.txt', Buffer.from('größe', 'latin1'), 'attachment.refused'],
    ['half.png', png.subarray(0, png.length / 2), 'attachment.refused'],
    ['bomb.png', makeBomb(), 'attachment.refused'],
    ['empty.txt', '', 'request.invalid'],
    ['large.txt', 'x'.repeat(200_001), 'request.too_large'],
    ['huge.txt', 'x'.repeat(5_000_000), 'request.too_large']
  ]
  for (const [name, bytes, code] of cases) {
    const { error } = await upload(alice, room, bytes, name, 'image/png')
    t.match([name, error?.code], [name, code])
  }
  t.same(await filesIn(folder), before)
  t.equal((await upload(alice, room, 'x'.repeat(200_000), 'just.txt')).status, 201)
})

t.test('only a form with one file named file is one', async (t) => {
  const url = `${one.url}/api/rooms/${room.id}/attachments`
  const send = async (body: string, type: string) => {
    const response = await fetch(url, { method: 'POST', body, headers: { ...headersOf(alice), 'content-type': type } })
    return [response.status, (await response.json() as { error: { code: string } }).error.code]
  }
  const form = (...parts: string[]) => parts.map((part) => `--b\r\n${part}\r\n`).join('') + '--b--\r\n'
  const file = 'Content-Disposition: form-data; name="other"; filename="a.txt"\r\n\r\nwords'
  const field = 'Content-Disposition: form-data; name="file"\r\n\r\nwords'
  for (const [body, type] of [
    ['{}', 'application/json'], ['words', 'text/plain'], ['', 'multipart/form-data'], ['', 'multipart/form-data; boundary=b'],
    ['nonsense', 'multipart/form-data; boundary=b'], [form(file), 'multipart/form-data; boundary=b'], [form(field), 'multipart/form-data; boundary=b'],
    [form(file.replace('other', 'file')).slice(0, -10), 'multipart/form-data; boundary=b'], ['--b--\r\n', 'multipart/form-data; boundary=b']
  ] as const) t.same([body, ...await send(body, type)], [body, 400, 'request.invalid'])
  t.match(await alice.post(`/rooms/${room.id}/attachments`), { status: 400, body: { error: { code: 'request.invalid' } } }, 'nor is nothing')
  t.match(await alice.request('POST', '/rooms', { body: form(file), headers: { 'content-type': 'multipart/form-data; boundary=b' } }),
    { status: 400, body: { error: { code: 'request.invalid' } } }, 'no other call takes a form')
})

t.test('a part that says it is a file is one also without a name, and nothing of it is left', async (t) => {
  const body = '--b\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: application/octet-stream\r\n\r\nwords\r\n--b--\r\n'
  const answer = await alice.request('POST', `/rooms/${room.id}/attachments`, { body, headers: { 'content-type': 'multipart/form-data; boundary=b' } })
  t.match(answer, { status: 201, body: { attachment: { name: 'file', size: 5 } } })
  t.same(await filesUnderWay(), [])
})

t.test('strangers, outsiders and whoever is muted upload nothing; what is not shown is its uploader\'s alone', async (t) => {
  const secret = await uploaded(alice, room)
  const elsewhere = await mallory.makeRoom()
  t.equal((await upload(mallory, room, 'words', 'a.txt')).error.code, 'room.not_found')
  t.equal((await upload(bob, elsewhere, 'words', 'a.txt')).error.code, 'request.forbidden')
  t.equal((await upload(alice, { id: randomUUID() }, 'words', 'a.txt')).error.code, 'room.not_found')
  const nobody = await fetch(`${one.url}/api/rooms/${room.id}/attachments/${secret.id}`)
  t.equal(nobody.status, 401)
  t.equal((await stranger(one).post(`/rooms/${room.id}/attachments`)).status, 401)

  t.equal((await download(mallory, room, secret)).code, 'room.not_found')
  t.equal((await download(mallory, elsewhere, secret)).code, 'attachment.not_found', 'nor through a room of their own')
  t.equal((await download(bob, room, secret)).code, 'attachment.not_found')
  t.equal((await download(alice, room, { id: randomUUID() })).code, 'attachment.not_found')

  await alice.put(`/rooms/${room.id}/mutes/${bob.id}`)
  t.match((await upload(bob, room, 'words', 'a.txt')).error, { code: 'request.forbidden', message: /muted/ })
  await alice.delete(`/rooms/${room.id}/mutes/${bob.id}`)
})

t.test('an upload that breaks off in the middle leaves nothing, and the node goes on', async (t) => {
  const before = await filesIn(folder)
  const { hostname, port } = new URL(one.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(`POST /api/rooms/${room.id}/attachments HTTP/1.1\r\nHost: parley\r\nCookie: ${alice.jar.header}\r\n` +
    'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n' +
    `--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${'x'.repeat(50_000)}`)
  await until('it is under way', async () => (await filesUnderWay()).length > 0)
  socket.destroy()
  await until('nothing of it is left', async () => (await filesUnderWay()).length === 0)
  t.equal((await upload(alice, room, 'words', 'a.txt')).status, 201)
  t.equal((await filesIn(folder)).length, before.length + 1)
  t.same(await one.app.database.sql`select id from attachments where name = 'a.txt' and size > 5`, [])
})

t.test('twenty at once arrive whole', async (t) => {
  const files = await Promise.all(Array.from({ length: 20 }, (_, index) => makePicture({ width: 700 + index, height: 700 })))
  const answers = await Promise.all(files.map((bytes, index) => upload(index % 2 ? alice : bob.at(two), room, bytes, `${index}.png`)))
  t.same(new Set(answers.map(({ status }) => status)), new Set([201]))
  await Promise.all(answers.map(async ({ attachment }, index) => {
    t.equal(attachment.width, 700 + index)
    t.ok((await download(index % 2 ? alice.at(two) : bob, room, attachment)).bytes.equals(files[index] ?? Buffer.alloc(0)))
  }))
})

t.test('many bombs at once kill no node', async (t) => {
  const bomb = makeBomb(8000)
  const answers = await Promise.all(Array.from({ length: 8 }, () => upload(alice, room, bomb, 'bomb.png')))
  for (const { status, attachment } of answers) t.match([status, attachment?.hasThumbnail], [201, true], 'the largest that is taken')
  const lies = await Promise.all(Array.from({ length: 8 }, () => upload(alice, room, makeBomb(8001), 'bomb.png')))
  for (const { error } of lies) t.equal(error.code, 'attachment.refused')
  t.equal((await fetch(`${one.url}/readyz`)).status, 200)
})

t.test('what takes more memory than its pixels tell may have fewer of them', async (t) => {
  for (const [bytes, status] of [
    [makeBomb(4000, 16), 201], [makeBomb(6000, 16), 415],
    [await sharp({ create: { width: 5200, height: 5000, channels: 3, background: '#3a7' } }).avif({ effort: 0 }).toBuffer(), 415]
  ] as const) t.equal((await upload(alice, room, bytes, 'bomb')).status, status)
})

t.test('a user uploads so many in an hour', async (t) => {
  const node = await startNode(t, { FILES_DIR: folder, LIMITS: 'standard' })
  const [carol, dave] = await people(node, 'carol', 'dave')
  const theirs = await carol.makeRoom()
  await dave.join(theirs)
  const keys = await node.app.redis.commands.keys(`${node.config.REDIS_PREFIX}*uploads*`)
  t.same(keys, [])
  await uploaded(carol, theirs)
  const [key = ''] = await node.app.redis.commands.keys(`${node.config.REDIS_PREFIX}*uploads*`)
  await node.app.redis.commands.incrby(key, 199)
  t.match((await upload(carol, theirs, 'words', 'a.txt')).error, { code: 'rate.limited' })
  await uploaded(dave, theirs)
})

t.test('a server without a place for files says so, to whoever may know of the room', async (t) => {
  const node = await startNode(t)
  const [carol, dave] = await people(node, 'carol', 'dave')
  const theirs = await carol.makeRoom({ kind: 'private' })
  t.equal((await upload(carol, theirs, 'words', 'a.txt')).error.code, 'feature.disabled')
  t.equal((await download(carol, theirs, { id: randomUUID() })).code, 'feature.disabled')
  t.equal((await upload(dave, theirs, 'words', 'a.txt')).error.code, 'room.not_found')
})
