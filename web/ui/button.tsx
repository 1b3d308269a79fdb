import type { ComponentProps } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'

interface ButtonProps extends ComponentProps<'button'> {
  /** `danger` does it, `grave` leads there. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger' | 'grave'
  size?: 'small' | 'medium'
  icon?: IconName
  /** Something is on its way: pressing again does nothing. */
  isBusy?: boolean
}

export function Button ({ look = 'plain', size = 'medium', icon, isBusy = false, className, children, type = 'button', disabled, ...rest }: ButtonProps) {
  return (
    <button
      {...rest} type={type} disabled={disabled === true || isBusy} aria-busy={isBusy || undefined}
      className={classNames(styles.button, styles[look], size === 'small' && styles.small, className)}
    >
      {icon && <Icon name={icon} size={16} />}
      {children}
    </button>
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  icon: IconName
  /** What it does, for those who do not see it and as its tooltip. */
  label: string
  isPressed?: boolean
}

export function IconButton ({ icon, label, isPressed, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button {...rest} type={type} title={label} aria-label={label} aria-pressed={isPressed} className={classNames(styles.iconButton, className)}>
      <Icon name={icon} />
    </button>
  )
}
