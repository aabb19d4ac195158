/** A text without accents, case and punctuation, for search: « Éléonore D’ARC » → « eleonore d arc ». */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
}
