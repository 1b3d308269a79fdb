import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './combo-list.module.css'
import field from './text-field.module.css'

export interface ComboOption {
  key: string
  /** Options of one group stand together, below its name. */
  group?: string
  content: ReactNode
  onChoose: () => void
}

interface ComboListProps {
  label: string
  placeholder: string
  query: string
  onQuery: (query: string) => void
  options: readonly ComboOption[]
  /** Better ones are on their way: Enter waits for them. */
  isAsking?: boolean
  /** Said when there are none. */
  emptyText: string
}

/** A field that finds things, and what it found: arrows move through them while one goes on typing, Enter chooses. */
export function ComboList ({ label, placeholder, query, onQuery, options, isAsking = false, emptyText }: ComboListProps) {
  const id = useId()
  const [active, setActive] = useState(0)
  const [isChosen, setChosen] = useState(false)
  const index = Math.min(active, options.length - 1)
  const idOf = (position: number) => `${id}-${position}`

  useEffect(() => {
    setActive(0)
    setChosen(false)
  }, [query])
  useEffect(() => {
    if (!isChosen || isAsking) return
    setChosen(false)
    options[index]?.onChoose()
  }, [isChosen, isAsking, options, index])
  useEffect(() => { document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: 'nearest' }) }, [id, index])

  function onKeyDown (event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && options.length > 0) {
      event.preventDefault()
      setActive((index + step + options.length) % options.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      setChosen(true)
    }
  }

  return (
    <div className={styles.combo}>
      <input
        className={field.input} role='combobox' aria-label={label} aria-expanded='true' aria-controls={`${id}-list`} aria-autocomplete='list'
        aria-activedescendant={index >= 0 ? idOf(index) : undefined} placeholder={placeholder} value={query} spellCheck={false} autoComplete='off'
        onChange={(event) => { onQuery(event.target.value) }} onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role='listbox' aria-label={label} className={styles.list}>
        {options.map(({ key, group, content, onChoose }, position) => (
          <div key={key} role='presentation'>
            {group !== undefined && group !== options[position - 1]?.group && <div className={styles.group} role='presentation'>{group}</div>}
            <div
              id={idOf(position)} role='option' aria-selected={position === index} className={classNames(styles.option, position === index && styles.active)}
              onMouseMove={() => { setActive(position) }} onMouseDown={(event) => { event.preventDefault() }} onClick={onChoose}
            >
              {content}
            </div>
          </div>
        ))}
      </div>
      {options.length === 0 && <p className={styles.empty} role='status'>{emptyText}</p>}
    </div>
  )
}
