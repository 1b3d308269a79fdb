import { Button } from '../../ui/button.tsx'

/** The browser goes to the identity provider, and comes back to where it is now. */
export function OidcButton ({ name }: { name: string }) {
  return (
    <Button
      onClick={() => {
        const returnTo = `/${location.hash}`
        location.assign(`/api/auth/oidc?${new URLSearchParams({ returnTo }).toString()}`)
      }}
    >
      Go on with {name}
    </Button>
  )
}
