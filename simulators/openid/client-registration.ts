/** What the operator of a real provider would register for the portal. */
export type ClientRegistration = {
  clientId: string
  clientSecret: string
  /** Subject of the client's certificate (« CN=…,O=… »): mutual TLS in place of the secret. */
  certificateSubject?: string
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  backchannelLogoutUri?: string
}
