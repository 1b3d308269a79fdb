import { useId } from 'react'
import styles from './segmented-choice.module.css'

interface SegmentedChoiceProps<T extends string> {
  label: string
  value: T
  options: ReadonlyArray<{ value: T, label: string }>
  onChoose: (value: T) => void
}

/** One of a few. */
export function SegmentedChoice<T extends string> ({ label, value, options, onChoose }: SegmentedChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset className={styles.choice}>
      <legend className='visually-hidden'>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input type='radio' className='visually-hidden' name={name} checked={option.value === value} onChange={() => { onChoose(option.value) }} />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
