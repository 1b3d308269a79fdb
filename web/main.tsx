import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/tokens.css'
import './styles/base.css'
import { App } from './app/app.tsx'
import { startSession } from './app/session.ts'
import { followTheme } from './app/theme.ts'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no place for the app.')

followTheme()
const session = startSession()
createRoot(root).render(<StrictMode><App session={session} /></StrictMode>)
