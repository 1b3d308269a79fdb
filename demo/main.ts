// Plays the demo on a running server: node dist/demo/main.js http://localhost:3000. Again and again makes no difference.
import { password, usernames } from './people.ts'
import { play } from './play.ts'

const [url] = process.argv.slice(2)
if (url === undefined) {
  process.stderr.write('Say where the server is: node dist/demo/main.js http://localhost:3000\n')
  process.exitCode = 1
} else {
  try {
    await play(url.replace(/\/$/, ''))
    console.log(`sign in as ${usernames.slice(0, -1).join(', ')} or ${usernames.at(-1)} with the password "${password}"`)
  } catch (error) {
    process.stderr.write(`The demo could not be played at ${url}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
