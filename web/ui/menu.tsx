import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'
import styles from './menu.module.css'
import { placeBeside } from './place-beside.ts'
import { stepFocus } from './step-focus.ts'

export interface MenuItem {
  label: string
  icon?: IconName
  isDanger?: boolean
  isDisabled?: boolean
  onChoose: () => void
}

interface MenuProps {
  /** Names the menu and, unless the trigger has words of its own, its button. */
  label: string
  hasWords?: boolean
  trigger: ReactNode
  triggerClass?: string | undefined
  /** `undefined` draws a line. */
  items: ReadonlyArray<MenuItem | undefined>
}

/** A button that opens a list of things to do. Arrows move, Esc and a click elsewhere close. */
export function Menu ({ label, hasWords = false, trigger, triggerClass, items }: MenuProps) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const buttonRef = useRef<HTMLButtonElement>(null)
  const listRef = useRef<HTMLDivElement>(null)

  function shown (now: boolean): void {
    setOpen(now)
    const [button, list] = [buttonRef.current, listRef.current]
    if (!now || !button || !list) return
    placeBeside(button, list)
    stepFocus(list, 'Home')
  }

  function onKeyDown (event: KeyboardEvent): void {
    if (event.key === 'Tab') listRef.current?.hidePopover()
    else if (stepFocus(event.currentTarget, event.key)) event.preventDefault()
  }

  return (
    <>
      <button
        ref={buttonRef} type='button' className={triggerClass} aria-label={hasWords ? undefined : label} title={label} aria-haspopup='menu' aria-expanded={isOpen}
        aria-controls={id} popoverTarget={id}
      >
        {trigger}
      </button>
      <div
        ref={listRef} id={id} popover='auto' role='menu' tabIndex={-1} aria-label={label} className={styles.menu} onKeyDown={onKeyDown}
        onToggle={(event) => { shown(event.newState === 'open') }}
      >
        {items.map((item, index) => item
          ? (
            <button
              key={item.label} type='button' role='menuitem' tabIndex={-1} disabled={item.isDisabled} className={classNames(styles.item, item.isDanger && styles.danger)}
              onClick={() => {
                listRef.current?.hidePopover()
                item.onChoose()
              }}
            >
              {item.icon && <Icon name={item.icon} size={16} />}
              {item.label}
            </button>
            )
          : <hr key={index} className={styles.line} />)}
      </div>
    </>
  )
}
