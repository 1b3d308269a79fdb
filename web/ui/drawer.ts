import { createContext } from 'react'

/** Opens the list of rooms where the window is too narrow to show it beside the page. */
export const DrawerContext = createContext<() => void>(() => {})
