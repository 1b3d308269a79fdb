import { Route, Routes } from 'react-router'
import { DevicesPage } from '../features/devices/devices-page.tsx'
import { InvitationPage } from '../features/invitations/invitation-page.tsx'
import { ProfilePage } from '../features/profile/profile-page.tsx'
import { DirectoryPage } from '../features/rooms/directory-page.tsx'
import { NewPasswordPage } from '../features/sign-in/new-password-page.tsx'
import { RecoveryPage } from '../features/sign-in/recovery-page.tsx'
import { VerificationPage } from '../features/sign-in/verification-page.tsx'
import { HomePage } from './home-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { PreferencesPage } from './preferences-page.tsx'
import { RequireSession } from './require-session.tsx'
import { RoomPage } from './room-page.tsx'
import { Shell } from './shell.tsx'

export function AppRoutes () {
  return (
    <Routes>
      <Route path='recovery' element={<RecoveryPage />} />
      <Route path='recovery/:token' element={<NewPasswordPage />} />
      <Route path='verification/:token' element={<VerificationPage />} />
      <Route element={<RequireSession><Shell /></RequireSession>}>
        <Route index element={<HomePage />} />
        <Route path='rooms/:roomId/:panel?' element={<RoomPage />} />
        <Route path='directory' element={<DirectoryPage />} />
        <Route path='invitation/:token' element={<InvitationPage />} />
        <Route path='settings/profile' element={<ProfilePage />} />
        <Route path='settings/devices' element={<DevicesPage />} />
        <Route path='settings/preferences' element={<PreferencesPage />} />
        <Route path='*' element={<NotFoundPage />} />
      </Route>
    </Routes>
  )
}
