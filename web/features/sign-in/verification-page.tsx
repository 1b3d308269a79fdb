import { useEffect, useRef, useState } from 'react'
import { Link, useParams } from 'react-router'
import { ParleyError } from '../../../sdk/index.ts'
import { useParley } from '../../stores/context.ts'
import { Notice, Spinner } from '../../ui/notice.tsx'
import { Entrance } from './entrance.tsx'

/** Where the link leads that verifies an email. */
export function VerificationPage () {
  const { token = '' } = useParams()
  const parley = useParley()
  const [outcome, setOutcome] = useState<'done' | ParleyError>()
  // A token works once, however often the page is drawn.
  const spent = useRef('')

  useEffect(() => {
    if (spent.current === token) return
    spent.current = token
    parley.call('confirmEmail', { body: { token } }).then(async () => {
      setOutcome('done')
      if (parley.user) await parley.currentUser()
    }).catch((error: unknown) => {
      if (!(error instanceof ParleyError)) throw error
      setOutcome(error)
    })
  }, [parley, token])

  return (
    <Entrance title='Verify your email' footer={<Link to='/'>To Parley</Link>}>
      {outcome === undefined && <Spinner />}
      {outcome === 'done' && <Notice>Your email is verified.</Notice>}
      {outcome instanceof ParleyError && <Notice tone='danger'>{outcome.message}</Notice>}
    </Entrance>
  )
}
