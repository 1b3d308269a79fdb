const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Whether what goes there stays on this machine, where nobody can listen. */
export function isLoopback ({ hostname }: URL): boolean {
  return loopback.test(hostname)
}
