import { ref } from 'vue'
import type { FolderName } from './folders.ts'

/** The folder of the exchange or draft being read or written, for the menu; null when it has none yet. */
export const folderShown = ref<FolderName | null>(null)
