// What is told by a turn of phrase or a number with its unit rather than by a word: doses, sessions, stops of work.
import type { FindingKind } from './finding.ts'
import type { Strength } from './lexicon.ts'
import type { Place } from './social-security-numbers.ts'

export type Evidence = Place & { kind: FindingKind; strength: Strength }

const DATE =
  '(?:le )?[0-9]{1,2}(?:er)?(?: ?[/.-] ?[0-9]{1,2}| (?:janv|fevr?|mars|avril|mai|juin|juil|aout|sept|oct|nov|dec)[a-z]*)'

// Every repetition is bounded, and none stands inside another: the time grows with the length of the text alone.
const PHRASES: [FindingKind, Strength, RegExp][] = [
  ['prescription', 3, /\b[0-9]{1,4}(?:[.,][0-9]{1,3})? ?(?:mg|µg|mcg|microg|ug)\b(?! ?\/ ?l)/g],
  [
    'prescription',
    3,
    /\b[0-9][0-9/.,]{0,3} ?(?:cp|cpr|cprs|cps|comprimes?|gelules?|gouttes?|gttes?|sachets?|bouffees?|ampoules?|injections?|piqures?|patchs?|pulverisations?|suppos?|unites?|ui|doses?)(?: ?(?:x|par|\/|de|le|matin|midi|soir|a|toutes?|tous)) ?(?:[0-9]|jour|j\b|semaine|matin|midi|soir|coucher|les|mois)/g,
  ],
  ['prescription', 3, /\b[0-9]{1,2} ?(?:x|fois) ?(?:\/|par) ?(?:j|jour|24 ?h)\b/g],
  ['prescription', 3, /\b[0-9]{1,2} ?\/ ?(?:j|jr|jour)\b(?! ?7)/g],
  [
    'treatment',
    2,
    /\b(?:matin et soir|matin midi et soir|matin, midi et soir|nuit et jour|jour et nuit|au coucher|7 ?j ?(?:\/|sur) ?7|si besoin|en si besoin|a vie)\b/g,
  ],
  [
    'treatment',
    2,
    /\b[0-9]{1,2} ?(?:x|fois) ?(?:\/|par|la) ?(?:sem|semaine|mois)\b|\b[0-9]{1,2} ?(?:passages?|pansements?|injections?|visites?|dialyses?) ?(?:\/|par) ?(?:j|jour|sem|semaine)/g,
  ],
  [
    'treatment',
    2,
    /\b[0-9]{1,3} ?(?:eme?|er|ere|e)?s? (?:seances?|infiltrations?|cures?|injections?|perfusions?|tentatives?)\b/g,
  ],
  [
    'treatment',
    2,
    /\b(?:une?|deux|trois|quatre|cinq|six|dix|douze|quinze|vingt|trente) (?:seances? de|infiltrations?|cures?|injections?|perfusions?|passages?|malaises?|chutes?)\b/g,
  ],
  [
    'treatment',
    3,
    /\b(?:seances?|bilans?|reeducation|kine|reeduc) (?:de |du |d'|pour |a )?(?:la |son |sa |l')?(?:genou|epaule|hanche|rachis|dos|cheville|poignet|marche|equilibre|perinee|perineal|perineale|respiratoire|begaiement|langage|cardiaque|vestibulaire|main|coude)/g,
  ],
  ['treatment', 2, /\b(?:[0-9]|deux|trois) ?(?:l|litres?) ?(?:\/|par|nuit|d'o2|d'oxygene|d o2|o2)/g],
  ['treatment', 2, /\bam[iky]s? [0-9](?:[.,][0-9])?\b|\b(?:mau|mci|ifd|bsa|bsb|bsc) ?\+|\+ ?(?:mau|mci|ifd)\b/g],
  [
    'treatment',
    3,
    /\b(?:operee?|hospitalisee?|greffee?|amputee?|plâtree?|platree?|appareillee?|sondee?|dialysee?|transfusee?|vaccinee?) (?:le |du |de |des |d'|en |depuis|pour|ce |hier|demain|lundi|mardi|mercredi|jeudi|vendredi|a |au |aux )/g,
  ],
  [
    'treatment',
    3,
    /\b(?:l'|se fait |fait |fera |va se faire |doit etre |est |sera |a ete |etre )oper(?:e|er|ee|ent|era)\b/g,
  ],
  [
    'treatment',
    3,
    /\b(?:l'ai|l'avais|lui ai|l'a|l'avait) (?:encore |deja |bien )?(?:piquee?|pansee?|sondee?|perfusee?|vaccinee?|operee?|platree?|suturee?|auscultee?|hospitalisee?|infiltree?|amputee?|greffee?|soignee?)\b/g,
  ],
  [
    'treatment',
    3,
    /\bsous (?:ventilation|insuline|morphine|oxygene|methadone|anticoagulants?|antibios?|antibiotiques?|chimio[a-z]{0,8}|cortico[a-z]{0,6}|perf[a-z]{0,5}|dialyse|antidepresseurs?|neuroleptiques?|traitement|ttt|o2|ppc|vni|avk|aod|lovenox|[0-9] litres?)\b/g,
  ],
  ['diagnosis', 3, /\b(?:stade|grade|child|nyha|gold|gir|type) (?:[1-4]|i{1,3}|iv|iii[ab]|[abc])\b(?= |[.,;)])/g],
  [
    'diagnosis',
    2,
    /\b(?:hba1c|fevg|imc|bmi|ta|psa|tsh|inr|crp|dfg|clairance|glycemie|mms|iah|sat|spo2|tension)(?: a| de| :)? ?[=:><]? ?[0-9]{1,3}/g,
  ],
  [
    'diagnosis',
    3,
    /\b(?:enceinte|grossesse) (?:de |a )?[0-9]{1,2} ?(?:mois|sa|semaines)|\b[0-9]{1,2} ?(?:sa|semaines d'amenorrhee)\b|\belle (?:est|en est) a (?:[1-9]|un|deux|trois|quatre|cinq|six|sept|huit|neuf) mois\b/g,
  ],
  [
    'diagnosis',
    3,
    /\b(?:atteinte?s? d'un|souffrante?|porteu[rs]e?s?|suivie? pour|traitee? pour|hospitalisee? pour|operee? pour|vue? pour|suspicion|diagnostic|rechute|recidive|sequelles|antecedents?|crise|poussee) (?:de |d'|du |des |une? |la |le |l')(?:une? |la |le |l')?[a-z]{4}/g,
  ],
  ['diagnosis', 2, /\bmaladie d(?:e |')[a-z]{5}|\bsyndrome d(?:e |'|u )[a-z]{4}|\bk (?:du |de |d'|des )?[a-z]{4}/g],
  [
    'diagnosis',
    3,
    /\b(?:a|ont|avait|ai|avoir) (?:attrape|chope|fait (?:un|une|trois|deux) (?:avc|infarctus|malaises?|chutes?|phlebite|embolie|crise|fausse|rechute|tentative))/g,
  ],
  [
    'diagnosis',
    2,
    /\b(?:pbs?|problemes?|soucis?|mal|maux|douleurs?|operation) (?:de |d'|du |au |a la |a l'|aux |des )(?:le |la |les |l')?(?:dos|coeur|genoux?|hanches?|epaules?|dents?|tete|ventre|foie|reins?|poumons?|jambes?|pieds?|yeux|oeil|vue|peau|prostate|vessie|thyroide|nerfs|estomac|oreilles?|gorge|sein|colon|poignet|cheville|cou|cervicales|lombaires)\b/g,
  ],
  [
    'treatment',
    2,
    /\b(?:ses|les|des|de|trop de|[0-9]{1,2}|deux|trois|quatre|tous ses|changes? ses) cachets\b(?! (?:de la poste|du|de l'))/g,
  ],
  [
    'treatment',
    2,
    /\bprend (?:[0-9]{1,2}|un|une|deux|trois|quatre|cinq|six|beaucoup de|trop de|son|ses|du|de la) (?:medicaments?|cachets?|comprimes?|gelules?|traitements?|gouttes?)/g,
  ],
  ['sick-leave', 3, /\b[2-9](?:e|eme) (?:arret|prolongation)\b/g],
  [
    'diagnosis',
    2,
    /\bsouffre(?:nt)? (?:de |d'|du |des )[a-z]{4}|\b(?:il|elle|qui) (?:boite|tousse|saigne|vomit|delire|tremble|chute|boit)\b|\bs'est (?:casse|coupe|brule|blesse|foule|tordu|fracture|cogne|ouvert|fait)e? (?:le |la |les |un |une |deux |l'|mal)/g,
  ],
  [
    'diagnosis',
    2,
    /\b(?:tombee?|chutee?|chute) (?:de |du |dans |d'|hier|chez|au |sur (?:le|la) (?:dos|tete|hanche|cote))|\bpositi(?:f|ve) (?:a|au) [a-z]{3}/g,
  ],
  [
    'prescription',
    2,
    /\bordonnance (?:du [0-9]|de (?:lunettes|soins|kine|medicaments|sortie|transport)|d[eu] (?:dr|docteur|gastro|cardio|chu|chir|specialiste))/g,
  ],
  [
    'sick-leave',
    2,
    /\b(?:[0-9]{1,2}|un|deux|trois|quatre|cinq|six) (?:mois|semaines) (?:sans (?:rien toucher|salaire|revenu|ij|indemnites)|d'arret)/g,
  ],
  [
    'diagnosis',
    2,
    /\bne (?:se |s')?(?:respire|mange|dort|voit|plie|leve|alimente|boit|deglutit|parle|supporte)(?:nt|ra)? (?:plus|pas|presque|que)\b/g,
  ],
  [
    'diagnosis',
    2,
    /\b(?:perdu|pris|maigri de) [0-9]{1,2} ?(?:kg|kilos)|\b[0-9]{1,3} ?(?:kg|kilos)\b(?! ?(?:de )?(?:papier|colis|cartons?))/g,
  ],
  [
    'sick-leave',
    3,
    new RegExp(
      `\\b(?:arrets?|aat|prolongation|itt|at|ij) (?:de travail |maladie |initial |maternite )?(?:de )?(?:[0-9]{1,3} ?(?:j|jours?|semaines?|sem|mois)\\b|(?:du|au|depuis|a partir|jusqu)[a-z' ]{0,8} ?(?:${DATE}|[0-9]{1,2} au [0-9]))`,
      'g',
    ),
  ],
  [
    'sick-leave',
    3,
    /\b(?:arret|arretee?|aat|prolongee?|prolongation) (?:initial |post ?-?op |maladie )?(?:depuis|jusqu|[0-9]{1,3} ?(?:j|jours?|sem|semaines?|mois)\b|d'un mois|de (?:deux|trois|quatre|quinze|huit) )/g,
  ],
  [
    'sick-leave',
    3,
    /\b(?:l'ai|l'avais|je l'|je le |je la |a ete|s'est|etre|est) (?:donc )?(?:arret(?:ee?|e)|prolongee?)\b/g,
  ],
  [
    'sick-leave',
    3,
    /\b(?:est|etait|suis|reste|toujours|mis|mise|actuellement|patiente?|salariee?|dame) (?:en )?arret\b(?! de (?:la )?(?:teletransmission|cour|traitement de))/g,
  ],
  [
    'sick-leave',
    3,
    /\b(?:accident de travail|accident du travail|accident de trajet|at|mp|maladie professionnelle) (?:du |le |n°? ?|numero )[0-9]/g,
  ],
  [
    'sick-leave',
    2,
    /\b(?:ij|indemnites(?: journalieres)?|indemnisee?)\b[^.!?\n]{0,30}\b(?:non|pas|plus|zero|bloquees?|suspendues?|refusees?|versees?|depuis)\b/g,
  ],
  [
    'sick-leave',
    3,
    /\b(?:son|sa|ses|leurs?) (?:arrets?|prolongation|indemnites?|ij|temps partiel|mi-temps|accident|at|mp|invalidite)\b/g,
  ],
  ['sick-leave', 3, /\b(?:n'a|a|ne|n'ont) (?:rien|plus rien|toujours rien) (?:touche|recu|percu)[a-z]* depuis/g],
  [
    'ald',
    3,
    /\b(?:ald|exo) ?(?:n° ?)?(?:[1-9]|[12][0-9]|3[0-2])\b|\bau titre de (?:la |l')?(?:ald ?)?(?:[1-9]|[12][0-9]|3[0-2])\b/g,
  ],
  [
    'ald',
    2,
    /\b(?:son|sa|ses) (?:ald|protocole|exo|exoneration|exonerante|100 ?%|papier vert|100\b)|\b(?:a|prise? a|pris en charge a|passe a|est a|sont a) 100(?: ?%| pour ?cent)?(?![ %]*(?:euros|€|sante|des|de|du|aux|km|m\b|exempl|pour cent d|[0-9.,]))/g,
  ],
  ['ald', 2, /\b100 ?%(?! ?(?:sante|des|de |du|d'))/g],
  ['ald', 3, /\b(?:en|une|son|sa|l') ?ald\b(?! ?(?:exonerante|non)? ?(?:en general|pour les))/g],
]

export function findPhrases(flat: string): Evidence[] {
  const found: Evidence[] = []
  for (const [kind, strength, pattern] of PHRASES) {
    for (const match of flat.matchAll(pattern)) {
      found.push({ kind, strength, start: match.index, end: match.index + match[0].trimEnd().length })
    }
  }
  return found
}
