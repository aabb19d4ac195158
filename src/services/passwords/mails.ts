// What the holder of a password account is told. No name, no number, and no secret but the link's own.
import { composeLetter } from '../../platform/outbox/letter.ts'
import type { Mail } from '../../platform/outbox/mail.ts'
import type { Compose, Notice } from '../../platform/outbox/outbox.ts'
import type { Vault } from '../../platform/vault/vault.ts'
import { makeLinkToken } from './link-token.ts'
import { LINK_MINUTES } from './send-link.ts'

const NOT_YOU =
  'Si ce n’est pas vous, choisissez aussitôt un nouveau mot de passe : page d’accueil du portail, « Activer mon compte ou mot de passe oublié ». Vos autres connexions par mot de passe seront fermées.'

export function passwordMails(publicUrl: string, vault: Vault): Record<string, Compose> {
  const tell =
    (subject: string, ...paragraphs: string[]) =>
    (notice: Notice): Mail =>
      composeLetter({
        id: notice.outboxId,
        to: notice.email,
        subject,
        paragraphs,
        link: { label: 'Ouvrir le portail', address: `${publicUrl}/` },
        linkAfter: paragraphs.length,
      })
  return {
    async 'password-link'(notice) {
      const { link } = notice.details as { link: string }
      const token = await makeLinkToken(vault, { linkId: link, personId: notice.personId! })
      return composeLetter({
        id: notice.outboxId,
        to: notice.email,
        subject: 'Votre lien pour choisir un mot de passe',
        paragraphs: [
          `Ce lien vous permet de choisir le mot de passe de votre accès réduit à Consilium. Il sert une seule fois, pendant ${LINK_MINUTES} minutes.`,
          'Si vous n’avez rien demandé, ne faites rien : votre accès reste inchangé. Ne transmettez ce lien à personne.',
        ],
        // After the sharp: no server, no log on the way is ever sent what follows it.
        link: { label: 'Choisir mon mot de passe', address: `${publicUrl}/connexion/nouveau-mot-de-passe#${token}` },
      })
    },
    'password-set': tell(
      'Votre mot de passe a été changé',
      'Le mot de passe de votre accès réduit à Consilium vient d’être choisi ou changé.',
      NOT_YOU,
    ),
    'password-locked': tell(
      'Votre connexion par mot de passe est fermée',
      'Trop d’essais ont échoué pour votre compte : la connexion par mot de passe à Consilium est fermée.',
      'Pour la rouvrir, connectez-vous par carte, ou demandez un lien sur la page d’accueil du portail. Votre connexion par carte n’est pas touchée.',
    ),
    'password-sign-in': (notice) =>
      tell(
        'Connexion à votre compte par mot de passe',
        `Une connexion par mot de passe à votre compte Consilium a eu lieu ${moment(notice.details)}.`,
        NOT_YOU,
      )(notice),
    'factor-added': tell(
      'Une vérification a été ajoutée à votre compte',
      'Une clé d’accès ou une application de codes vient d’être ajoutée à votre connexion par mot de passe.',
      NOT_YOU,
    ),
    'factor-removed': tell(
      'Une vérification a été retirée de votre compte',
      'Une clé d’accès ou une application de codes vient d’être retirée de votre connexion par mot de passe.',
      NOT_YOU,
    ),
    'recovery-codes-renewed': tell(
      'Vos codes de secours ont été renouvelés',
      'De nouveaux codes de secours ont été créés pour votre connexion par mot de passe ; les précédents ne servent plus.',
      NOT_YOU,
    ),
  }
}

const PARIS = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', dateStyle: 'long', timeStyle: 'short' })
const moment = ({ at }: Record<string, unknown>) => `le ${PARIS.format(new Date(String(at)))} (heure de Paris)`
