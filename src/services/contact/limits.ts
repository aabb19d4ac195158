// Limits of « Contacter l'Assurance Maladie », shared by the contract and the form.
export const INQUIRY_MAX = 2000
export const REASON_MAX = 300
export const ANSWER_MAX = 5000
export const INQUIRY_PAGE = 25
