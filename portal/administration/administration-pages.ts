// The pages of the administration, in the order of its list. A service that has one adds its line here.
import type { IconName } from '~/ui/icons.ts'

export type AdministrationPage = { path: string; label: string; detail: string; icon: IconName }

export const administrationPages: AdministrationPage[] = [
  {
    path: '/administration/identifications',
    label: 'Identifications bloquées',
    detail: 'Voir les comptes bloqués et lever un blocage',
    icon: 'sensInterdit',
  },
]
