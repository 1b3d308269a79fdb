import { Route, Routes } from 'react-router'
import { HomePage } from './home-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { RequireSession } from './require-session.tsx'
import { RoomPage } from './room-page.tsx'
import { Shell } from './shell.tsx'

export function AppRoutes () {
  return (
    <Routes>
      <Route element={<RequireSession><Shell /></RequireSession>}>
        <Route index element={<HomePage />} />
        <Route path='rooms/:roomId/:panel?' element={<RoomPage />} />
        <Route path='*' element={<NotFoundPage />} />
      </Route>
    </Routes>
  )
}
