import { useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Page, PageHeader, Section } from '../ui/page-header.tsx'
import { SegmentedChoice } from '../ui/segmented-choice.tsx'
import { chooseNotices, noticeStore } from './notice-choice.ts'
import { chooseTheme, themeStore } from './theme.ts'

/** What is kept on this device alone. */
export function PreferencesPage () {
  const theme = useStore(themeStore, (state) => state.theme)
  return (
    <Page header={<PageHeader title='Preferences' />}>
      <Section title='Appearance'>
        <SegmentedChoice
          label='Theme' value={theme} onChoose={chooseTheme}
          options={[{ value: 'system', label: 'As the system' }, { value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }]}
        />
      </Section>
      <Notifications />
    </Page>
  )
}

function Notifications () {
  const wanted = useStore(noticeStore, (state) => state.wanted)
  const isPossible = 'Notification' in globalThis
  const [permission, setPermission] = useState(isPossible ? Notification.permission : 'denied')
  return (
    <Section title='Notifications' hint='While you look elsewhere. The title of the page counts in any case.'>
      {!isPossible && <Notice>This browser has no notifications.</Notice>}
      {isPossible && permission === 'denied' && <Notice tone='warning'>This browser does not let the page notify you: allow it in the settings of the page.</Notice>}
      {isPossible && permission === 'default' && (
        <div><Button icon='bell' onClick={() => { void Notification.requestPermission().then(setPermission) }}>Allow notifications</Button></div>
      )}
      {permission === 'granted' && (
        <SegmentedChoice
          label='Notify me of' value={wanted} onChoose={chooseNotices}
          options={[{ value: 'calls', label: 'Mentions and direct messages' }, { value: 'all', label: 'Everything' }, { value: 'none', label: 'Nothing' }]}
        />
      )}
    </Section>
  )
}
