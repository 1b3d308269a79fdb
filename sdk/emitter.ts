/** Called with what happened. What it throws goes to `onError` and disturbs nobody else. */
export type Listener<Payload> = (payload: Payload) => void

/** Stops listening. Calling it again does nothing. */
export type Stop = () => void

/** Who listens to what. `Events` names each event and its payload. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>()
  readonly #onError: (error: unknown) => void

  constructor (onError: (error: unknown) => void) {
    this.#onError = onError
  }

  on<Name extends keyof Events> (name: Name, listener: Listener<Events[Name]>): Stop {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    // Its own object, so that the same function may listen twice.
    const entry: Listener<Events[Name]> = (payload) => { listener(payload) }
    listeners.add(entry)
    return () => { listeners.delete(entry) }
  }

  emit<Name extends keyof Events> (name: Name, payload: Events[Name]): void {
    for (const listener of [...this.#listeners.get(name) ?? []] as Array<Listener<Events[Name]>>) {
      try {
        listener(payload)
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}
