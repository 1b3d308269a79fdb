import { useId, type ComponentProps, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './text-field.module.css'

interface FieldParts {
  label: string
  hint?: ReactNode
  /** What is wrong with it. */
  error?: string | undefined
}

function useField ({ hint, error }: Pick<FieldParts, 'hint' | 'error'>) {
  const id = useId()
  const describedBy = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ')
  return { id, attributes: { id, 'aria-describedby': describedBy || undefined, 'aria-invalid': error !== undefined || undefined } }
}

function Field ({ id, label, hint, error, children }: FieldParts & { id: string, children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>{label}</label>
      {children}
      {error !== undefined && <p id={`${id}-error`} className={styles.error} role='alert'>{error}</p>}
      {hint !== undefined && <p id={`${id}-hint`} className={styles.hint}>{hint}</p>}
    </div>
  )
}

export function TextField ({ label, hint, error, className, ...rest }: FieldParts & ComponentProps<'input'>) {
  const { id, attributes } = useField({ hint, error })
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <input {...rest} {...attributes} className={classNames(styles.input, className)} />
    </Field>
  )
}

export function TextArea ({ label, hint, error, className, ...rest }: FieldParts & ComponentProps<'textarea'>) {
  const { id, attributes } = useField({ hint, error })
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <textarea {...rest} {...attributes} className={classNames(styles.input, styles.area, className)} />
    </Field>
  )
}

interface SelectProps<T extends string> extends FieldParts {
  value: T
  options: ReadonlyArray<{ value: T, label: string }>
  onChoose: (value: T) => void
  disabled?: boolean
}

export function Select<T extends string> ({ label, hint, error, value, options, onChoose, disabled }: SelectProps<T>) {
  const { id, attributes } = useField({ hint, error })
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <select {...attributes} value={value} disabled={disabled} className={styles.input} onChange={(event) => { onChoose(event.target.value as T) }}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </Field>
  )
}
