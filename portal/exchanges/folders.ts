// The four folders, in the order of the work to do.
import type { Counters } from './counters.ts'

export type FolderName = keyof Counters
export type Side = 'practice' | 'desk'

export const folders: readonly { name: FolderName; label: string; path: string }[] = [
  { name: 'todo', label: 'À traiter', path: '/echanges/a-traiter' },
  { name: 'waiting', label: 'En cours', path: '/echanges/en-cours' },
  { name: 'drafts', label: 'Brouillons', path: '/echanges/brouillons' },
  { name: 'closed', label: 'Clos', path: '/echanges/clos' },
]

export function folderNamed(name: FolderName) {
  return folders.find((folder) => folder.name === name) ?? folders[0]!
}
