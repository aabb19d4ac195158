/** SQL: « Dr Camille EXEMPLE » of a row of portal.person. */
export const personName = (alias: string): string =>
  `btrim(${alias}.civility || ' ' || ${alias}.given_name || ' ' || upper(${alias}.family_name))`
