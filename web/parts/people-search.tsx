import { useState } from 'react'
import type { User } from '../../contract/index.ts'
import { useParley, useSessionTools } from '../stores/context.ts'
import { ComboList } from '../ui/combo-list.tsx'
import { PersonLine } from './person.tsx'
import { useFound } from './use-found.ts'

interface PeopleSearchProps {
  label: string
  /** These are not shown. */
  except: readonly string[]
  onChoose: (user: User) => void
}

/** Finds people by the beginning of a name. */
export function PeopleSearch ({ label, except, onChoose }: PeopleSearchProps) {
  const parley = useParley()
  const { people } = useSessionTools()
  const [query, setQuery] = useState('')
  const { found, isAsking } = useFound(query.trim(), async (text) => {
    const { users } = await parley.call('findUsers', { query: { query: text, limit: 30 } })
    people.learn(users)
    return users
  })
  const options = found.filter(({ id }) => !except.includes(id)).map((user) => ({
    key: user.id,
    content: <PersonLine user={user} />,
    onChoose: () => { onChoose(user) }
  }))
  return (
    <ComboList
      label={label} placeholder='A name or username' query={query} onQuery={setQuery} options={options} isAsking={isAsking}
      emptyText={isAsking ? 'Looking …' : query.trim() === '' ? 'There is nobody else here yet.' : 'Nobody is called that.'}
    />
  )
}
