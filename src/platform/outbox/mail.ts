import nodemailer from 'nodemailer'

export type Mail = { id: string; to: string; subject: string; text: string; html: string }
export type Mailer = { send(mail: Mail): Promise<void>; close(): Promise<void> }

/**
 * Speaks SMTP. Addresses stand bare (no display name), and no header says more than the envelope needs.
 * @param smtpUrl `smtp://user:password@host:port` or `smtps://…`
 */
export function createMailer(smtpUrl: string, from: string): Mailer {
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 3,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    // A server that takes long to accept would otherwise get copy after copy (RFC 5321, 4.5.3.2.6).
    socketTimeout: 180_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as never)
  const domain = from.split('@')[1] ?? 'localhost'
  return {
    async send(mail) {
      await transport.sendMail({
        from,
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: `<${mail.id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        xMailer: false,
      } as never)
    },
    async close() {
      transport.close()
    },
  }
}
