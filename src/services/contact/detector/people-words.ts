// Words by which a person is meant, and those by which it is no patient.

const set = (text: string) => new Set(text.split(/\s+/).filter(Boolean))

export const TITLES = set('m mr mme mlle melle mle madame monsieur mademoiselle mrs mesdames messieurs')
/** Before a first or a last name they make it a patient's. */
export const KIN = set(
  `petit petite jeune mamie papi papy bebe enfant enfants fils fille filles frere soeur maman papa mere pere epoux epouse
  conjoint conjointe veuve veuf nourrisson jumeau jumeaux jumelle jumelles mari grand-mere ado adolescent adolescente
  gamin gamine patient patiente famille consorts assure assuree beneficiaire benef resident residente nomme nommee dame client cliente pat pt pte`,
)
/** Agents, counsel and partners: within a few words, a name is theirs. */
export const AGENTS = set(
  `deleguee delegue delegues conseillere conseiller collegue collegues agent agente gestionnaire interlocutrice
  interlocuteur referent referente directeur directrice coordinatrice coordinateur coordonnatrice avocat avocate maitre
  responsable presidente president juriste inspecteur inspectrice controleur controleuse representant representante
  mediateur mediatrice commercial technicien technicienne formateur formatrice attention chargee charge contact hotline`,
)
/** Carers and staff: a name is theirs when it follows at once. */
export const CARERS = set(
  `dr drs docteur docteurs doc pr professeur me praticien praticienne medecin medecins generaliste infirmier infirmiere
  infirmieres ide idel idels kine kines kinesitherapeute masseur mk mkde pharmacien pharmacienne femme dentiste chirurgien
  orthophoniste orthoptiste podologue pedicure psychologue dieteticienne ergotherapeute psychomotricien psychomotricienne
  opticien opticienne ambulancier ambulanciere audioprothesiste osteopathe cardiologue dermatologue pediatre psychiatre
  radiologue gynecologue ophtalmologue rhumatologue anesthesiste urologue neurologue oncologue pneumologue biologiste
  interne externe etudiant etudiante stagiaire assistant assistante secretaire secretariat comptable econome gerant
  gerante titulaire adjoint adjointe confrere consoeur confreres associe associee associes remplacant remplacante
  successeur predecesseur repreneur collaborateur collaboratrice preparateur preparatrice cadre notaire editeur
  prescripteur executant effecteur signataire soussigne soussignee expediteur moi signe cher chere bonjour bonsoir salut
  hello merci cordialement bises`,
)
/** Streets, houses and companies are called after people. */
export const NAMED_PLACES = set(
  `rue avenue av place boulevard bd allee chemin impasse square quai cours route ecole lycee college clinique hopital
  centre pole maison msp residence ehpad pharmacie cabinet laboratoire labo institut selarl scp scm sel sas sarl selas
  societe association groupe saint sainte st ste fondation espace salle logiciel editeur loi prix universite faculte chu
  chr ch ville commune bourg mairie cpts officine optique ambulances taxi taxis banque imprimerie editions`,
)
/** What follows a title, or a word like « patient », without being a name. */
export const NO_NAME = set(
  `le la les l un une des du de d je j nous vous votre vos notre nos mon ma mes son sa ses est a qui que quoi dont en et ou
  pour par sur sous avec sans dans ne n se s il elle ils elles on ce cet cette ces au aux si mais donc or ni car bonjour
  bonsoir merci madame monsieur mademoiselle mme mr mlle docteur dr pr professeur directeur directrice medecin conseil
  president presidente agent responsable chef suite depuis apres avant toujours tout tous toute toutes deja encore non oui
  ok svp cf the vu vue ai as ont sont sera etait a-t-il y lui leur moi chez vers entre selon quand comme plus moins tres
  trop bien pas rien nir nss cmu ald ame css c2s dap cpam msa caisse carte vitale fse cps rpps am finess siret nom prenom
  date sexe adresse telephone tel objet ref reference dossier facture lot numero no motif service services assurance
  maladie securite sociale patient patiente assure assuree enfant mineur mineure majeur adulte sortant entrant decede
  decedee inconnu inconnue identifie hta avc bpco dnid idm vih sep irc pth ptg tdah amm aat at mp ij dep ami amk bsi ssr
  smr had hdj irm mt mgp medg urgence urgent relance demande pb probleme question info rappel janvier fevrier mars avril
  mai juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche homme femme
  infirmier infirmiere kine pharmacien sage dentiste cabinet secretaire ordre caf urssaf ehpad chu clinique hopital centre
  france paris corse europe etat noemie sesam ameli ameli.fr amelipro mssante segur rosp optam google windows mac chrome
  cordialement salutations confraternellement respectueusement remerciements puis peut faut doit faire fait etre avoir
  veuillez pouvez pourriez voici voila aucun aucune aujourd hier demain rejet erreur retour envoi copie page site portail
  formulaire imprime certificat arret ordonnance prescription soins transport bordereau virement paiement remboursement
  indu litige convention contrat avenant installation remplacement cession retraite conge maternite paternite x y z xx yy
  xxx untel unetelle tel telle bref objet ps psc lps tla arl srt amo amc dre scor rsp nas ccam ngap lpp finess cip ucd`,
)
/** First names that are ordinary words as well: a capital at the head of a sentence does not make them names. */
export const ORDINARY_FIRST_NAMES = set(
  `rose marine pierre claire fleur aurore olive violette jean france ange grace prudence line ambre jade alma aube victoire
  constance clemence felicite desire desiree fortune aime aimee blanche parfait placide noel toussaint bella marc val carole
  lou jo max dan tim ali ada may mila tara reine sauveur modeste innocent maxime guy merlin martin rita lilas charlie sacha
  momo mona titi toto nono kiki lulu meme mimi line charles marie paul rene roman urbain lambert basile juste robin simon
  denis`,
)

/** « Mme X, notre comptable »: ours, so long as it is not « notre patiente ». */
export const OURS_AFTER =
  /^[ ,(]{1,3}(?:notre|votre|mon|ma|nos|qui (?:gere|tient|assure|remplace|travaille|s'occupe)) (?!patient|mere|pere|fille|fils|mari|femme|epou|conjoint|voisin|tante|oncle|frere|soeur|client|grand|jeune|petit|assure|cousin|beau|belle)[a-z]/
/** « Mme X, déléguée », « M. X du service… », « Luc X, infirmier »: said after a name, it is no patient's. */
export const ROLE_AFTER = new RegExp(
  `^[ ,:(\\n-]{0,4}(?:(?:votre|notre|ma|mon|la|le|l'|de l'|de la|de votre|de vos|du|au|comme|en tant que|qui est|directeur|et associes|est votre|est notre|je suis|medecin|exerce|en) ?)?(?:${[
    ...AGENTS,
    ...CARERS,
  ]
    .filter(
      (word) =>
        word.length > 1 &&
        ![
          'moi',
          'me',
          'doc',
          'ide',
          'merci',
          'contact',
          'attention',
          'charge',
          'externe',
          'cher',
          'chere',
          'bonjour',
          'bonsoir',
          'salut',
          'hello',
          'signe',
          'bises',
          'cordialement',
          'secretaire',
          'femme',
          'comptable',
          'etudiant',
          'etudiante',
          'dr',
          'pr',
          'docteur',
        ].includes(word),
    )
    .join(
      '|',
    )}|sage[ -]femme|ide\\b|secretaire medicale|medecine|service|services|cpam|caisse|plateforme|rpps|adeli|n° ?99|numero am)\\b`,
)
