import { useState, type SubmitEvent } from 'react'
import { ParleyError } from '../../sdk/index.ts'

export interface Submit {
  onSubmit: (event: SubmitEvent) => void
  isBusy: boolean
  /** What is wrong, by the name of the field. */
  fields: Partial<Record<string, string>>
  /** What is wrong with no field in particular. */
  problem: string | undefined
}

/** Sends a form: once at a time, with what the server refuses shown where it belongs. */
export function useSubmit (send: (form: FormData) => Promise<void>, fieldOf: (error: ParleyError) => string | undefined = () => undefined): Submit {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<ParleyError>()

  async function run (form: FormData): Promise<void> {
    setBusy(true)
    setError(undefined)
    try {
      await send(form)
    } catch (failure) {
      if (!(failure instanceof ParleyError)) throw failure
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  const name = error && fieldOf(error)
  const fields = name === undefined ? fieldsOf(error) : { [name]: error?.message }
  return {
    isBusy,
    fields,
    problem: error && Object.keys(fields).length === 0 ? sentenceOf(error) : undefined,
    onSubmit (event) {
      event.preventDefault()
      if (!isBusy) void run(new FormData(event.currentTarget as HTMLFormElement))
    }
  }
}

/** Complaints about fields, such as `/username`, by their names. */
export function fieldsOf (error: ParleyError | undefined): Partial<Record<string, string>> {
  const named = (error?.details ?? []).filter(({ path }) => /^\/\w+$/.test(path))
  return Object.fromEntries(named.map(({ path, message }) => [path.slice(1), toSentence(message)]))
}

function toSentence (text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}

function sentenceOf ({ message, retryAfterMs }: ParleyError): string {
  return retryAfterMs === undefined || retryAfterMs < 2000 ? message : `${message} Try again in ${Math.ceil(retryAfterMs / 1000)} seconds.`
}
