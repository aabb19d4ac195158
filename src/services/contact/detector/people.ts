// How clearly each sentence speaks of one person, seen as a patient would be: 3 named or aged, 2 « la dame », « mon
// patient », « elle souffre », 1 « elle », « son », 0 nobody.
import type { Place } from './social-security-numbers.ts'
import type { Word } from './words.ts'

const set = (text: string) => new Set(text.split(/\s+/).filter(Boolean))

const PERSON_2 = set(
  `dame mamie papi papy bebe nourrisson gamin gamine ado adolescent adolescente jumeaux jumelles jumelle jumeau fillette
  garconnet retraite veuve veuf defunt defunte assuree victime vieillard octogenaire nonagenaire centenaire mineure`,
)
const PERSON_1 = set(
  `enfant enfants monsieur fils fille fillette garcon homme femme epoux epouse conjoint mari maman papa mere pere frere
  soeur parents voisin voisine gars ami amie copain copine cousin cousine tante oncle neveu niece mineur`,
)
/** Persons by what they do or are to a practice: they may be patients, or not. */
const PERSON_AT_WORK = set(
  `famille fratrie resident residente salarie salariee collegue remplacante remplacant associee secretaire client cliente
  assure beneficiaire ouvrier ouvriere employe employee caissiere macon chauffeur routier agriculteur boulanger eleveur
  serveuse cuisinier cuisiniere plombier electricien couvreur menuisier mecanicien vendeur vendeuse enseignant enseignante
  instituteur institutrice pompier policier gendarme militaire livreur cariste magasinier nounou interimaire apprenti
  apprentie chomeur detenu detenue migrant migrante refugie refugiee sdf lyceen lyceenne ecolier coiffeuse tuteur curateur
  jeune sujet`,
)
/** What « il » and « elle » do when they are people. */
const HUMAN_VERBS = set(
  `vient veut voudrait voulait dit disait affirme soutient demande
  demandait refuse accepte prend prenait supporte souffre souffrait attend attendait dort mange boit fume
  vit habite travaille travaillait paye paie paiera avance touche touchait sort sortira sortait rentre reprend reprendra
  recommence commence perd perdait voit entend tousse respire pleure plaint tombe porte portait
  recoit recevait revient revenait retourne retournera garde habitait ose veux bouge aime
  accouche accouchera nait suit consulte sonde pese tremble delire rechute decompense
  gere mourra meurt decede boite vomit saigne maigrit`,
)
/** What they have done. */
const HUMAN_PARTICIPLES = set(
  `eu les fait dit pris perdu attrape refuse voulu consulte paye touche travaille tombe tombee opere operee vu vue mal besoin
  arrete arretee hospitalise hospitalisee enceinte malade seule seul fatigue fatiguee accouche maigri chute demenage peur
  subi jamais pas toujours plus bien deja encore avale vomi saigne casse fracture demande mange boire marcher mourir
  decede decedee ne nee suivi suivie traite traitee soigne soignee agee age venu venue`,
)
/** What « il » does when it is nobody. */
const IMPERSONAL = set(
  `faut fallait faudra faudrait suffit semble semblait parait pleut manque manquait reste convient importe arrive existe
  agit agissait agirait vaut`,
)
const POSSESSIVE = set('son sa ses leur leurs')
const FIRST_PERSON_SEES =
  /\b(?:l'ai|l'avais|je l[ae] (?:suis|vois|revois|prolonge|signe|garde|traite|soigne|sonde|pique|leve|renouvelle|fais|masse|passe|prends)|je (?:lui|l'ai|l'aide|l'opere|le|la) |on l'(?:opere|a )|lui (?:ai|a|faire|prescrire|faut|reste|donner|fais|faut)|chez (?:lui|elle)|s'est (?:fait|casse|coupe|blesse|brule|retrouve|remis|plaint)|se plaint|qu'(?:il|elle) )/g
const AGE =
  /(?:(?<=[,(;:-] ?|\bage ?e?s? de |\bil a |\belle a |\bqui a |\b(?:homme|femme|fille|garcon|dame|monsieur|patiente?|enfant|petite?|jeune|bebe|mamie|papi|ado|gars|bonhomme|gamine?|garcon|fils|nourrisson) (?:de )?)(?:[1-9]|[1-9][0-9]|10[0-9]) ?(?:ans?|mois)\b)(?! (?:de |d'|apres|plus|sans|que|avant))/g

export function peopleBySentence(flat: string, words: Word[], known: Place[], hinted: Place[] = []): number[] {
  const count = (words.at(-1)?.sentence ?? 0) + 1
  const told: number[] = new Array(count).fill(0)
  const tell = (sentence: number | undefined, weight: number) => {
    if (sentence !== undefined) told[sentence] = Math.max(told[sentence]!, weight)
  }
  for (const place of known) tell(sentenceAt(words, place.start), 3)
  for (const place of hinted) tell(sentenceAt(words, place.start), 2)
  for (const match of flat.matchAll(AGE)) tell(sentenceAt(words, match.index), 3)
  for (const match of flat.matchAll(FIRST_PERSON_SEES)) tell(sentenceAt(words, match.index), 2)
  words.forEach((word, at) => {
    const before = words[at - 1]
    const next = words[at + 1]
    if (word.word === 'patient' || word.word === 'patiente') tell(word.sentence, patientWeight(before, flat, word))
    else if (PERSON_2.has(word.word)) tell(word.sentence, 2)
    else if (/^(?:petite?|jeune)$/.test(word.word) && before && /^(?:la|le|ma|mon|ce|cette|du)$/.test(before.word))
      tell(word.sentence, 2)
    else if (PERSON_1.has(word.word)) {
      // « Madame, Monsieur, » greets nobody in particular.
      if (word.word === 'monsieur' && !/^(?:le|ce|du|un|au)$/.test(before?.word ?? '')) return
      // « chez l’enfant » is a class, as « chez l’adulte ».
      if (
        /^(?:enfant|homme|femme)$/.test(word.word) &&
        /^(?:chez|pour|de)$/.test(words[at - 2]?.word ?? '') &&
        before?.word === 'l'
      )
        return
      const definite = before && /^(?:la|le|l|ma|mon|sa|son|ce|cet|cette|du|au|notre)$/.test(before.word)
      tell(word.sentence, definite || /^(?:monsieur|mere|pere|fils|fille|mari)$/.test(word.word) ? 2 : 1)
    } else if (PERSON_AT_WORK.has(word.word)) tell(word.sentence, /^(?:ce|cet|cette)$/.test(before?.word ?? '') ? 2 : 1)
    else if (word.word === 'il' || word.word === 'elle') tell(word.sentence, pronounWeight(words, at, flat))
    else if (POSSESSIVE.has(word.word) && next) tell(word.sentence, 1)
    else if (word.word === 'lui' || (word.word === 'celle' && next?.word === 'ci')) tell(word.sentence, 1)
  })
  return told
}

/** « mon patient » is one, « un patient » may be any, « le patient » the patient of a rule. */
function patientWeight(before: Word | undefined, flat: string, word: Word): number {
  const article =
    before && before.sentence === word.sentence && flat.slice(before.end, word.start).length <= 1 ? before.word : ''
  if (/^(?:mon|ma|ce|cet|cette|notre|sa|son|la)$/.test(article)) return 3
  if (/^(?:chaque|tout|toute|aucun|aucune|par|dossier|parcours|identite|cote|espace|accueil)$/.test(article)) return 0
  if (/^(?:un|une|d|le|du|au|l)$/.test(article)) return 1
  return 2
}

function pronounWeight(words: Word[], at: number, flat: string): number {
  let next = at + 1
  while (
    next < words.length &&
    next < at + 4 &&
    /^(?:ne|n|en|y|se|s|me|m|lui|nous|vous|leur|l|le|la|les)$/.test(words[next]!.word)
  )
    next++
  const verb = words[next]
  if (!verb) return 0
  const between = words.slice(at + 1, next).map((word) => word.word)
  const il = words[at]!.word === 'il'
  // « il y a », « il s'agit », « il m'en faut », « est-il possible ».
  if (il && (between.includes('y') || IMPERSONAL.has(verb.word))) return 0
  if (flat[words[at]!.start - 1] === '-') return 0
  if (il && /^(?:est|serait|sera|etait|semble)$/.test(verb.word)) {
    const told = words[next + 1]?.word ?? ''
    if (
      /^(?:possible|impossible|prevu|ecrit|indique|inutile|utile|necessaire|normal|obligatoire|important|urgent|interdit|precise|difficile|temps|vrai|certain|clair|question|demande|noter|recommande|autorise|dit|trop|arrive|d|a|bien|donc|toujours)$/.test(
        told,
      )
    )
      return 0
    return 1
  }
  if (/^(?:a|ai|avait|aura|est|etait|s'est|va|vient|doit|peut)$/.test(verb.word)) {
    const told = words[next + 1]?.word ?? ''
    return HUMAN_VERBS.has(told) || HUMAN_PARTICIPLES.has(told) || words[next + 2]?.word === 'ans' ? 2 : 1
  }
  return HUMAN_VERBS.has(verb.word) ? 2 : 1
}

/** The sentence of the first word at or after a place. */
export const sentenceAt = (words: Word[], place: number): number | undefined => words[wordAt(words, place)]?.sentence

/** The first word that ends after a place; their number when there is none. */
export function wordAt(words: Word[], place: number): number {
  let low = 0
  let high = words.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (words[middle]!.end <= place) low = middle + 1
    else high = middle
  }
  return low
}
