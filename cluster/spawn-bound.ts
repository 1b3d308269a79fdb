import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process'

export interface BoundOptions extends SpawnOptions {
  /** Sent to the child when this process dies, however it dies. */
  deathSignal: NodeJS.Signals
}

let kernelCanBind: boolean | undefined

function canBindByKernel (): boolean {
  kernelCanBind ??= process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'SIGTERM', 'true']).status === 0
  return kernelCanBind
}

/**
 * Starts a child that does not outlive this process. It gets a process group of its own, because the terminal's
 * Ctrl-C goes to a whole group, and the order in which the children stop is ours to choose.
 */
export function spawnBound (command: string, args: string[], options: BoundOptions): ChildProcess {
  const { deathSignal, ...spawnOptions } = options
  if (canBindByKernel()) {
    return spawn('setpriv', ['--pdeathsig', deathSignal, command, ...args], { ...spawnOptions, detached: true })
  }
  const child = spawn(command, args, { ...spawnOptions, detached: true })
  guardByPipe(child, deathSignal)
  return child
}

/** For systems without pdeathsig: a shell waits for our end of its stdin to close, then signals the child. */
export function guardByPipe (child: ChildProcess, deathSignal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  const script = 'read -r _; kill -s "$1" "$2"'
  const guard = spawn('/bin/sh', ['-c', script, 'parley-guard', deathSignal.replace('SIG', ''), String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => {})
  guard.unref()
  // Once the child is gone its pid may be somebody else's.
  child.once('exit', () => guard.kill('SIGKILL'))
}
