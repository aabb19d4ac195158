import type { Configuration } from '../../../platform/configuration.ts'
import { createDemonstrationDirectory } from './demonstration.ts'
import type { InsuredDirectory } from './directory.ts'
import { createFhirDirectory } from './fhir.ts'

/** The directory that the configuration names. */
export function createDirectory({ insuredDirectory }: Pick<Configuration, 'insuredDirectory'>): InsuredDirectory {
  return insuredDirectory.kind === 'fhir' ? createFhirDirectory(insuredDirectory) : createDemonstrationDirectory()
}
