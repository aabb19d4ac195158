// The pages of « Mon compte », in the order of the menu beside them.
import { computed } from 'vue'
import { session } from '~/client/session.ts'
import { useSignInOptions } from '~/shell/options.ts'

export type AccountPage = { path: string; label: string }

/** Those that this person can open. */
export const accountPages = computed<AccountPage[]>(() => {
  const options = useSignInOptions()
  const practice = session.value?.person?.side === 'practice'
  const pages: (AccountPage | false)[] = [
    practice && { path: '/compte', label: 'Mes informations' },
    { path: '/compte/connexions', label: 'Mes connexions' },
    practice && options.value?.password !== false && { path: '/compte/mot-de-passe', label: 'Mot de passe' },
    practice && session.value?.level === 'substantial' && { path: '/compte/delegations', label: 'Mes délégations' },
  ]
  return pages.filter((page) => page !== false)
})
