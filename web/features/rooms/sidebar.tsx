import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { useRooms } from '../../stores/hooks.ts'

export function Sidebar ({ footer }: { footer: ReactNode }) {
  const rooms = useRooms()
  return (
    <nav aria-label='Rooms'>
      <ul>{rooms.map(({ id, title }) => <li key={id}><NavLink to={`/rooms/${id}`}>{title}</NavLink></li>)}</ul>
      {footer}
    </nav>
  )
}
