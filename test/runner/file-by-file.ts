// Runs test files one after another, in one process: those whose names and paths come in, as lines of JSON, each a tap
// test of its own. So what they import is loaded, and what is often run is compiled, once.
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import tap from 'tap'
import { setSuite } from '../suite.ts'
import { endOfFile, fileTimeoutMs, type FileTask } from './shared.ts'

await tap.test('files', { timeout: 0 }, async (files) => {
  for await (const line of createInterface({ input: process.stdin })) {
    const { name, path } = JSON.parse(line) as FileTask
    await files.test(name, { timeout: fileTimeoutMs }, async (t) => {
      setSuite(t)
      await import(pathToFileURL(path).href)
    })
    // The parser gives out at once what it has read before it. By tap, so that it comes behind all that tap still holds back.
    files.pragma({ [endOfFile]: true })
  }
})
// Also when an error that nobody caught has ended the test before the files were through: nothing more is waited for.
process.stdin.destroy()
