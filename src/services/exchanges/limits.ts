// Limits shared by the contract and the forms (plain constants: the portal imports them without the schemas).
export const SUBJECT_MAX = 150
export const MESSAGE_MAX = 10_000
export const PAGE_SIZE = 25
export const FOLDERS = ['todo', 'waiting', 'closed'] as const
export type Folder = (typeof FOLDERS)[number]
export type Side = 'practice' | 'desk'
