// The limit shared by the contract and the administrator's form (a plain constant: the portal imports no schema).
export const REASON_MAX = 500
