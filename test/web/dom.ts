import { Window } from 'happy-dom'

/** A page for components to stand on. React looks for one when it is loaded: import it after this, by `import()`. */
const page = new Window({ url: 'http://localhost:3000/' })
const names = [
  'document', 'localStorage', 'location', 'navigator', 'HTMLElement', 'HTMLInputElement', 'HTMLIFrameElement', 'Element', 'Node', 'FormData', 'Event', 'KeyboardEvent',
  'MouseEvent', 'CustomEvent', 'MutationObserver', 'DocumentFragment', 'SVGElement', 'addEventListener', 'removeEventListener', 'getComputedStyle'
] as const

for (const name of names) {
  const value: unknown = page[name]
  const isPlain = typeof value === 'function' && /^[a-z]/.test(name)
  Object.defineProperty(globalThis, name, { value: isPlain ? (value as () => unknown).bind(page) : value, configurable: true, writable: true })
}
Object.assign(globalThis, { window: globalThis, IS_REACT_ACT_ENVIRONMENT: true })
