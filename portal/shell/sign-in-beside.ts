// Signing in again in a window beside, so that the page that waits keeps its text.
import { computed } from 'vue'
import { SIGNED_IN_BESIDE as BACK, cardAddress, organismAddress, pscAddress } from '~/client/return-path.ts'
import { isDesk, session } from '~/client/session.ts'
import { useSignInOptions } from '~/shell/options.ts'

/** The door of the portal, with every way in that there is. */
const DOOR = `/?retour=${BACK}`

export type WayIn = { label: string; address: string }

/** The way the session was opened by first, then the door for any other. */
export function useSignInBeside() {
  const options = useSignInOptions()
  const ways = computed<WayIn[]>(() => {
    if (session.value?.via === 'organism' || isDesk.value) {
      const [first, second] = options.value?.issuers ?? []
      const address =
        first && !second ? organismAddress(first.issuerId, BACK) : `/espace-service-medical?retour=${BACK}`
      return [{ label: 'Se reconnecter', address }]
    }
    const door = { label: 'Autre moyen de connexion', address: DOOR }
    if (session.value?.via === 'password' && options.value?.password)
      return [{ label: 'Se reconnecter', address: `/connexion/mot-de-passe?retour=${BACK}` }, door]
    if (session.value?.via === 'card' && options.value?.card)
      return [{ label: 'Se reconnecter avec ma carte', address: cardAddress(BACK) }, door]
    const psc = { label: 'Se reconnecter', address: pscAddress(BACK) }
    return options.value?.card || options.value?.password ? [psc, door] : [psc]
  })
  return ways
}

export function openBeside({ address }: WayIn): void {
  const beside = window.open('', '_blank')
  if (!beside) return
  // The provider's page must not be able to steer this one.
  beside.opener = null
  beside.location.href = address
}
