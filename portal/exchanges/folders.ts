// The four folders, in the order of the work to do.
import type { IconName } from '~/ui/icons.ts'
import type { Counters } from './counters.ts'

export type FolderName = keyof Counters
export type Side = 'practice' | 'desk'

export const folders: readonly { name: FolderName; label: string; path: string; icon: IconName }[] = [
  { name: 'todo', label: 'À traiter', path: '/echanges/a-traiter', icon: 'courrier' },
  { name: 'waiting', label: 'En cours', path: '/echanges/en-cours', icon: 'hourglass' },
  { name: 'drafts', label: 'Brouillons', path: '/echanges/brouillons', icon: 'notePencil' },
  { name: 'closed', label: 'Clos', path: '/echanges/clos', icon: 'folder' },
]

export function folderNamed(name: FolderName) {
  return folders.find((folder) => folder.name === name) ?? folders[0]!
}
