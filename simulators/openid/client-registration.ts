/** What the operator of a real provider would register for the portal. */
export type ClientRegistration = {
  clientId: string
  clientSecret: string
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  backchannelLogoutUri?: string
}
