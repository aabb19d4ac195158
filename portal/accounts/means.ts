// How somebody signed in, in words.
const BY_PSC: Record<string, string> = { CARD: 'carte CPS ou CPE', MOBILE: 'e‑CPS' }

export function meansOf(via: 'psc' | 'card' | 'password' | 'organism', authMode: string): string {
  if (via === 'card') return 'Carte CPS ou CPE'
  if (via === 'password') return 'Mot de passe'
  if (via === 'organism') return 'Compte de l’organisme'
  const kind = Object.hasOwn(BY_PSC, authMode) ? BY_PSC[authMode] : undefined
  return kind ? `Pro Santé Connect, ${kind}` : 'Pro Santé Connect'
}
