/** Refuses what is plainly no RPPS number; the server judges. */
export function identifierFault(text: string): string | undefined {
  const digits = text.replaceAll(/\s/g, '')
  if (digits === '') return 'Saisissez votre numéro RPPS.'
  if (digits.includes('@'))
    return 'L’identifiant est votre numéro RPPS (11 chiffres), jamais votre adresse électronique.'
  if (!/^\d{11}$/.test(digits)) return 'Le numéro RPPS a 11 chiffres.'
  return undefined
}
