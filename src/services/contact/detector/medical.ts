// Weighs the medical words of a text against whom it speaks of. A word is seldom guilty by itself: « diabète » stands in
// the title of a brochure, « elle ne plie plus » needs no illness to tell one. So each term has a strength (lexicon.ts,
// phrases.ts), loses it when its neighbours make it general, and counts when enough of a person is near it (people.ts):
//
//   strength 3                      counts by itself
//   strength 2                      with a person of weight 1 or more, or with another term in a telegram
//   strength 1                      with a person of weight 2 or more and a companion, or one of weight 3
import type { FindingKind } from './finding.ts'
import { type Lexicon, matchTerms } from './lexicon.ts'
import { peopleBySentence, sentenceAt, wordAt } from './people.ts'
import { type Evidence, findPhrases } from './phrases.ts'
import type { Place } from './social-security-numbers.ts'
import type { Word } from './words.ts'

export type MedicalPlace = Place & { kind: FindingKind }

const set = (text: string) => new Set(text.split(/\s+/).filter(Boolean))

/** Before a term (« kit de… », « cabinet de… », « brochure sur… ») they make it a subject, not somebody's illness. */
const GENERAL_HEADS = set(
  `formulaire formulaires imprime imprimes cerfa brochure brochures depliant depliants affiche affiches kit kits guide
  guides fiche fiches flyer flyers plaquette carnet carnets cabinet cabinets specialite specialites specialiste service
  services reseau reseaux pole cours formation formations diplome du diu these statistique statistiques campagne
  campagnes depistage prevention nomenclature tarif tarifs liste listes teleservice teleservices page pages rubrique
  onglet lien moteur site sites bouton groupe reunion soiree programme experimentation convention conventions avenant
  article decret arrete loi modele modeles gabarit champ mention code codes libelle exercice exerce exercer exercant
  equipe commission association etude enquete theme sujet titre catalogue referentiel documentation conference webinaire
  atelier journee journees semaine mois colloque congres module logiciel medecin medecins infirmier infirmiere chirurgien
  praticien consultations specialisee centre centres maison structure plateau etablissement unite departement commande
  stock fournisseur societe entreprise salon stage interne etudiant etudiante assistant recherche cohorte registre
  protocole-type cotation cotations acte actes forfait forfaits honoraires majoration indicateur indicateurs objectif rosp
  dotation aide plateforme portail entretien entretiens bilan-type vente vendre prestation prestations activite
  activites taux nombre volume categorie onglets menu menus intitule dematerialise dematerialises agrement autorisation
  ligne ligne-type panier tva marge distribution conditionnement rupture cip lpp dispositif dispositifs appareil fabricant garantie
  ordonnancier papeterie souches rouleaux tampon commander`,
)
/** Between a head and its term. */
const LINKS = set(
  `de du des d la le les l en sur pour a au aux et ou un une par contre concernant relatif relative relatifs relatives
  dedie dediee specialise specialisee specialises specialisees avec the sans votre vos notre nos mon ma mes`,
)
/** In a sentence with them a term is spoken of in general. */
const GENERAL_SENTENCE =
  /\b(?:(?:les|des|nos|mes|vos|ces|aux|d'autres|certains|plusieurs|mille|[0-9]{2,4}) (?:patients|patientes|malades|assures|diabetiques|enfants|personnes)|patientele|en general|regle generale|de principe|cas general|de facon generale|d'une maniere generale|question generale|cas d'un patient|tout patient|chaque patient|brochures?|depliants?|affiches?|depistage (?:organise|du cancer|des cancers)|bordereau de commande|campagne|kits?|flyers?|salle d'attente|groupe de travail|fiches? memo|colloque|congres|these|statistiques|chiffres|en vigueur|reglementation|anonymisee?s?|vierges?|dematerialises?|exemplaires|souches)\b/
const TRADE =
  /\b(?:les|des|aux|nos|vos|certains|tous les) (?:infirmi|idel|pharmacien|officine|medecin|generaliste|specialiste|kine|masseur|praticien|sages|dentiste|chirurgiens|orthophon|confrere|consoeur|professionnel|cabinets|internes|remplacant|ambulancier|opticien|prescripteur|liberaux|etablissements|cliniques|centres)/
/** Things that break down, and of which people then speak as of the sick. */
const DEVICE =
  /\b(?:lecteurs? (?!de glyc|continu)|logiciels?|terminal|terminaux|ecrans?|imprimantes?|serveurs?|ordinateurs?|connexions?|interface|navigateur|portail|bouton|onglets?|mot de passe|mise a jour|tresorerie|fibre|box|wifi|messagerie|editeur|reseau informatique|application)\b/
/** A question about the rule, when nobody is in it. */
const QUESTION =
  /\b(?:quel(?:le)?s? (?:est|sont|sera|seront|code|cotation|formulaire|imprime|delai|tarif|procedure|demarche|document|justificatif|texte|article|pieces)|comment (?:commander|obtenir|se procurer|declarer|faire|trouver|saisir)|ou (?:trouver|commander|envoyer|adresser|telecharger|puis-je)|faut-il|peut-on|doit-on|existe-t-il|(?:peut|doit|peuvent|doivent|prevoit|donne|donnent|ouvre|sont|permet|reste)(?:-t)?-(?:il|elle|ils|elles|on)|avez-vous|est-il (?:possible|prevu|obligatoire)|est-ce que|s'applique(?:nt)?-t-(?:il|elle)|(?:souhaite|souhaiterais|voudrais|aimerais|cherche|desire)(?: a)? (?:savoir|connaitre|comprendre|commander|recevoir|obtenir)|pouvez-vous (?:m'|nous )?(?:envoyer|indiquer|adresser|fournir|confirmer))\b/
/** After a term, that make it a thing of paper or of the screen. */
const GENERAL_TAIL =
  /^(?:[ ,]{0,2})(?:en ligne|dematerialise|electronique|vierge|papier|type |cerfa|s[0-9]{4}|\(cerfa|\(s[0-9])/

type Weighed = Evidence & { sentence: number; word: number; stem: string; general: boolean }

export function findMedical(
  flat: string,
  words: Word[],
  lexicon: Lexicon,
  known: Place[],
  firstNames: Place[],
): MedicalPlace[] {
  if (!words.length) return []
  const people = peopleBySentence(flat, words, known, firstNames)
  const sentences = sentencesOf(flat, words)
  const terms = weighedTerms(flat, words, lexicon, known, sentences, people)
  const overall = Math.max(0, ...people)
  const person = (sentence: number) =>
    Math.max(people[sentence]!, people[sentence - 1] ?? 0, people[sentence + 1] ?? 0, overall >= 2 ? overall - 1 : 0)

  const strong = terms.filter((term) => term.strength >= 2)
  const telegram = new Set(strong.map((term) => term.stem)).size >= 2
  const short = words.length <= 12 && !/\?/.test(flat)
  const stems = companyOf(terms)
  const counted = terms.filter((term) => {
    if (term.strength === 3) return true
    const here = people[term.sentence]!
    if (term.general) return term.strength >= 2 && here >= 2
    const weight = person(term.sentence)
    if (term.strength === 2) return here >= 1 || weight >= 2 || telegram || short
    const company = stems(term.sentence, 0)
    const medical = stems(term.sentence, 1)
    if (term.strength === 1)
      return weight >= 3 || here >= 2 || (company >= 2 && weight >= 2) || (medical >= 2 && here >= 1)
    return here >= 2 && company >= 2
  })
  if (!counted.length) return []
  // Once one term tells of a patient, the others do too.
  return terms
    .filter((term) => term.strength >= 2 || counted.includes(term))
    .map(({ start, end, kind }) => ({ start, end, kind }))
}

function weighedTerms(
  flat: string,
  words: Word[],
  lexicon: Lexicon,
  known: Place[],
  sentences: Sentence[],
  people: number[],
): Weighed[] {
  const aside = [...known, ...practitioners(words)]
  const free = (place: Place) => aside.every((other) => place.end <= other.start || place.start >= other.end)
  const found: Weighed[] = []
  const push = (evidence: Evidence, word: number, stem: string) => {
    if (!free(evidence)) return
    const sentence = sentenceAt(words, evidence.start) ?? 0
    let strength: number = evidence.strength
    const subject = isSubject(words, word) || GENERAL_TAIL.test(flat.slice(evidence.end, evidence.end + 20))
    const title = quoted(flat, evidence)
    const question = people[sentence]! < 2 && (sentences[sentence]!.asks < evidence.start || sentences[sentence]!.trade)
    const general = question || sentences[sentence]!.general
    // « ses yeux », « sa maladie »: nobody says so of a file.
    if (evidence.kind === 'diagnosis' && /^(?:son|sa|ses|leurs?)$/.test(words[word - 1]?.word ?? ''))
      strength = Math.min(3, strength + 1)
    // « trois fausses couches »: what is counted has happened.
    if (strength === 2 && evidence.kind === 'diagnosis' && isCount(words[word - 1])) strength = 3
    // Lecteurs are ill and screens blind: only somebody near makes it an illness.
    if (strength < 3 && sentences[sentence]!.device && people[sentence]! < 2) strength -= 1
    if (subject) strength -= 2
    if (general) strength -= 1
    // « les infiltrations » are anybody's; « les poumons » remain somebody's.
    if (evidence.strength >= 2 && isPlural(words, word)) strength -= 1
    if (title) strength -= 2
    if (strength < 0) return
    found.push({
      ...evidence,
      strength: strength as Evidence['strength'],
      sentence,
      word,
      stem,
      general: subject || general || title,
    })
  }
  const hidden: Place[] = []
  for (const { term, first, last } of matchTerms(lexicon, words)) {
    if (term.kind === 'none') {
      hidden.push({ start: words[first]!.start, end: words[last]!.end })
      continue
    }
    push(
      { kind: term.kind, strength: term.strength, start: words[first]!.start, end: words[last]!.end },
      first,
      term.stems.join(' ') || words[first]!.stem,
    )
  }
  for (const phrase of findPhrases(flat)) {
    if (hidden.some((place) => phrase.start < place.end && phrase.end > place.start)) continue
    const word = wordAt(words, phrase.start)
    push(phrase, word, `${phrase.kind} ${flat.slice(phrase.start, phrase.end)}`)
  }
  return strongest(found)
}

/** Of two that overlap, the stronger: one thing told is counted once. */
function strongest(found: Weighed[]): Weighed[] {
  found.sort((a, b) => a.start - b.start || b.strength - a.strength)
  const kept: Weighed[] = []
  for (const each of found) {
    const last = kept.at(-1)
    if (!last || each.start >= last.end) kept.push(each)
    else if (each.strength > last.strength) kept[kept.length - 1] = each
  }
  return kept
}

/** « kit de dépistage du cancer »: a head before, with nothing but links and other terms between. */
function isSubject(words: Word[], at: number): boolean {
  let unknown = 0
  for (let back = 1; back <= 6; back++) {
    const word = words[at - back]
    if (!word || word.sentence !== words[at]!.sentence) return false
    // « du » is a diploma in capitals only.
    if (GENERAL_HEADS.has(word.word) && (word.word !== 'du' || word.upper)) return true
    if (LINKS.has(word.word)) continue
    if (++unknown > 1) return false
  }
  return false
}

const isCount = (word: Word | undefined) =>
  word !== undefined &&
  /^(?:deux|trois|quatre|cinq|[2-9]|[0-9]eme?|premiere?|deuxieme|troisieme|seconde?|nouvelle?)$/.test(word.word)

/** Between quotation marks on one line: the name of something. */
function quoted(flat: string, { start, end }: Place): boolean {
  const before = flat.slice(Math.max(0, start - 60), start)
  const after = flat.slice(end, end + 60)
  const odd = (before.split('"').length - 1) % 2 === 1
  return odd && /^[^"\n]*"/.test(after)
}

/** « les infiltrations », « des prothèses »: a class of things. */
function isPlural(words: Word[], at: number): boolean {
  const before = words[at - 1]
  return (
    before !== undefined &&
    /^(?:les|des|nos|vos|aux)$/.test(before.word) &&
    before.sentence === words[at]!.sentence &&
    /[sx]$/.test(words[at]!.word)
  )
}

/** « Dr Anatole SYNDROME » has no syndrome. */
function practitioners(words: Word[]): Place[] {
  const found: Place[] = []
  for (let at = 0; at < words.length; at++) {
    if (!/^(?:drs?|docteurs?|pr|professeur|me|maitre|pharmacie|clinique|selarl|cabinet)$/.test(words[at]!.word))
      continue
    let last = at
    while (last < at + 4 && words[last + 1]?.capital && words[last + 1]!.sentence === words[at]!.sentence) last++
    if (last > at) found.push({ start: words[at + 1]!.start, end: words[last]!.end })
  }
  return found
}

/** How many different terms of this strength or more stand in a sentence and those beside it, counted once for each. */
function companyOf(terms: Weighed[]): (sentence: number, least: number) => number {
  const known = new Map<string, number>()
  return (sentence, least) => {
    const key = `${sentence} ${least}`
    let count = known.get(key)
    if (count === undefined) {
      const near = terms.filter((term) => term.strength >= least && Math.abs(term.sentence - sentence) <= 1)
      count = new Set(near.map((term) => term.stem)).size
      known.set(key, count)
    }
    return count
  }
}

type Sentence = {
  /** Speaks of a class of people or of things of paper. */
  general: boolean
  device: boolean
  /** Speaks of practitioners as a class: a rule of the trade. */
  trade: boolean
  /** Where it asks, if it does: « faut-il un accord pour une cure ? » asks before it names, « cure refusée, que faire ? » after. */
  asks: number
}

function sentencesOf(flat: string, words: Word[]): Sentence[] {
  const told: Sentence[] = []
  let start = 0
  for (let at = 0; at < words.length; at++) {
    const next = words[at + 1]
    if (next && next.sentence === words[at]!.sentence) continue
    const end = next ? next.start : flat.length
    const text = flat.slice(start, end)
    const question = QUESTION.exec(text)
    told[words[at]!.sentence] = {
      general: GENERAL_SENTENCE.test(text),
      device: DEVICE.test(text),
      trade: TRADE.test(text),
      asks: question ? start + question.index : Number.POSITIVE_INFINITY,
    }
    start = end
  }
  return told
}
