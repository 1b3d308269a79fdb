/** What it resolves to, or false when that takes longer. */
export async function within (promise: Promise<boolean>, waitMs: number): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => { resolve(false) }, waitMs)
    promise.then(resolve, reject).finally(() => { clearTimeout(timer) })
  })
}
