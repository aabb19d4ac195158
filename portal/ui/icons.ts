// The icons that the portal draws, out of the design system's 177 kB: those our screens name and those that its
// components draw by themselves. A name missing here is a fault of type in <UiIcon> and of test in icons.test.ts.
export const iconNames = [
  // Drawn by the design system's own components.
  'chevronRight',
  'check',
  'information',
  'exclamation',
  'sensInterdit',
  'closeNoCircle',
  'croix',
  // Named by our screens.
  'arrowLeft',
  'arrowRight',
  'calendar',
  'cadenas',
  'chevronDown',
  'courrier',
  'deconnexion',
  'echangeServiceMedical',
  'hourglass',
  'informationPersonnage',
  'localisation',
  'medecin',
  'notePencil',
  'pencilNoCircle',
  'stethoscope',
  'structures',
  'trashNoCircle',
  'utilisateur',
] as const

export type IconName = (typeof iconNames)[number]
