/** Does it now; a failure is nobody's surprise when nobody waits for the promise. */
export function quietly<T> (work: () => Promise<T>): Promise<T> {
  const promise = work()
  promise.catch(() => {})
  return promise
}
