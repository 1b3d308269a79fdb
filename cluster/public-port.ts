import { findFreePort, portProblem } from './ports.ts'

/** Checks the port that clients use before anything is started. */
export async function claimPort (port: number, host: string): Promise<number> {
  if (port === 0) return findFreePort()
  const problem = await portProblem(port, host)
  if (problem === 'EADDRINUSE' || await someoneElseIsLocalhost(port, host)) {
    throw new Error(`Port ${port} is taken: stop what uses it, or set PORT to another one.`)
  }
  if (problem === 'EACCES') throw new Error(`Port ${port} is not allowed for this user: set PORT to one above 1023.`)
  if (problem) throw new Error(`Nothing can listen on ${host}:${port} (${problem}): check HOST and PORT.`)
  return port
}

/** Who listens on ::1 alone would get the browser's requests to http://localhost. */
async function someoneElseIsLocalhost (port: number, host: string): Promise<boolean> {
  return host === '127.0.0.1' && await portProblem(port, '::1') === 'EADDRINUSE'
}
