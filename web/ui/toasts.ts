import { createStore } from 'zustand/vanilla'

export interface ToastView {
  id: number
  text: string
  isError: boolean
}

const shownMs = 6000
let lastId = 0

export const toastStore = createStore<{ toasts: readonly ToastView[] }>(() => ({ toasts: [] }))

/** Says something that needs no answer: it goes by itself. */
export function toast (text: string, { isError = false } = {}): void {
  const id = ++lastId
  toastStore.setState(({ toasts }) => ({ toasts: [...toasts, { id, text, isError }] }))
  setTimeout(() => { dismissToast(id) }, shownMs)
}

/** Says that something failed, in the server's words. */
export function toastError (error: unknown): void {
  toast(error instanceof Error ? error.message : String(error), { isError: true })
}

export function dismissToast (id: number): void {
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }))
}
