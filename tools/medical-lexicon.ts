// Makes data/reference/medical-lexicon/{diseases,substances}.txt from the files in source/: what the detector of the
// contact form needs of them, and nothing else. `node tools/medical-lexicon.ts` writes them; a test makes them again.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = new URL('../data/reference/medical-lexicon/', import.meta.url)

/** Endings that make a word of the CIM-10 a medical one, wherever it stands. */
const MEDICAL_ENDING =
  /(?:ite|ose|ome|pathie|algie|emie|urie|plegie|paresie|trophie|phobie|ectomie|stomie|plastie|phagie|phasie|praxie|lexie|lyse|pnee|rragie|rrhee|penie|ptose|megalie|malacie|cele|iase|dynie|esthesie|thymie|phrenie|opsie|opie|tension|plasie|ectasie|thorax|oedeme|spasme)s?$/
/** Words with such an ending that are no illness, or may well stand in an administrative letter. */
const EVERYDAY = new Set(
  words(`petite orbite cavite organismes autonome lactose glucose densite activite personnalite subite decrite identite
    incapacite conduite limite rivalite precipite fantome instabilite mortalite extremite autorite expose compose hostilite
    sexualite quantite necessite mobilite continuite poursuite nervosite sensibilite hypotension tension thorax maltraite
    irritabilite fragilite mixite hyperactivite fertilite motilite vulnerabilite visite site suite gravite chose dose pose
    unite droite faite dite specialite localite communaute nativite parite multiparite deite difficulte securite facilite
    inegalite responsabilite proximite polarite viscosite permeabilite electricite humidite publicite qualite realite cellulose
    anesthesie metropolite traite retraite interdite inscrite ecrite produite introduite diploide explicite implicite
    autopsie autosome bauxite apathie illicite opposite inedite favorite granite dynamite satellite meteorite azote systeme atome axiome arome diplome
    intensite cite velocite infirmite lamelle mecanome monotome acidite alcalinite debilite inactivite maturite
    immaturite motricite spasticite toxicite virilite steadite puberte precocite utilite dispose suppose oppose propose
    impose repose depose transpose cause pause rose close prose arrose aerose galactose fructose saccharose maltose
    alexie entropie utopie copie photocopie philosophie isotope antilope myopie supporte portee bandite`),
)
/** What a shortened label may end with, that says nothing. */
const TAIL =
  /( (sans precision|autres? localisations?|siege non precise|sieges multiples|autres?|de|du|des|d|un|une|et|la|le|l))+$/
/** Salts, waters, plants and foods in the names of substances. */
const NO_MEDICINE = new Set(
  words(`sodium sodique anhydre monohydrate monohydratee dihydrate dihydratee trihydrate trihydratee hydrate hydratee
    hemihydrate hexahydrate pentahydrate heptahydrate sesquihydrate disodique monosodique chlorhydrate dichlorhydrate
    acetate sulfate phosphate chlorure citrate magnesium calcium calcique serotype humain humaine humaines humains
    gluconate potassium potassique solution bromure fumarate tartrate ferreux ferrique succinate alpha beta gamma maleate
    antigene recombinante recombinant nitrate bromhydrate cuivre alcool alcools facteur coagulation carbonate oxyde
    lactate citrique hydroxyde peroxyde salicylate malate benzoate cobalt manganese proteine proteines mesilate besilate
    tosylate oxalate propionate dipropionate methyle ethyle glucose hydrogene liquide ethanol chrome iodee synthetique
    argent azote leger legere glacial concentre concentree graisse naturel naturelle aluminium surface chimique bacterie
    cholesterol bicarbonate nicotine cafeine saumon element charbon active chlore cristal complexe dioxyde titane
    disperse acides feuille feuilles fraction fluide modifiee modifie helium normale neutre krypton milieu culture
    carbone mousse methane nickel oxygene partie parties aerienne aeriennes phosphore pseudo soufre precipite toxine
    substance chaine moyenne arsenic graine graines vitamine virion virus inactive inactivee vivant vivante attenue
    souche souches fermentation extrait extraits sommite sommites fleurie fleuries racine racines plante plantes ecorce
    huile huiles essentielle essentielles poudre fruit fruits fleur fleurs rhizome menthe lavande eucalyptus citron
    orange thym romarin sauge melisse tilleul camomille valeriane passiflore reglisse fenouil cannelle girofle artichaut
    orthosiphon bouleau ortie vigne rouge noire blanche verte poivree sechee officinale lactose saccharose fructose
    maltose sorbitol amidon cellulose gelatine paraffine vaseline glycerol glycerine silice talc kaolin soude eaux
    purifiee distillee minerale thermale carbon dilution teinture mere homeopathique mixture total totale type basique
    allergene allergenes pollen pollens chien chat cheval acarien acariens levure lactique bacteries lysat membrane
    surface antigenes ovalbumine proteique conjugue conjuguee capsulaire polyoside polyosides serogroupe groupe souris
    cellule cellules autologue autologues genetiquement codant vecteur produit lourd lourde stable marque marquee base
    bases acide derive derives micronise micronisee amorphe racemique levogyre dextrogyre complexes element elements
    facteurs multiple multiples fluorure iodure bisulfate sulfure nitrite borate gluceptate pidolate aspartate glutamate
    glycinate carbonates melange esters ester sucre miel propolis gelee royale soja colza olive tournesol arachide
    sesame coton avoine seigle orge ble froment malt houblon noyer marron marronnier cassis myrtille sureau cypres pin
    sapin cedre genievre laurier basilic origan anis badiane absinthe armoise achillee arnica calendula souci consoude
    gentiane ginseng ginkgo harpagophytum millepertuis aubepine ballote pavot coquelicot petasite piloselle prele
    olivier pissenlit radis bardane pensee sauvage frene spiree filipendule ulmaire guimauve mauve bouillon blanc
    lierre plantain lichen aloes bourdaine sene tamarin figue pruneau rhubarbe boldo chardon curcuma gingembre
    carvi coriandre cumin angelique matricaire verveine oranger bigaradier mandarine bergamote ylang santal encens prusse exprimes purifies soluble solubles totaux variant resine
    resinate protease radium equine tegument patente desseche seche carre anisum cereux sodiques stanneux zincique`),
)

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}

function fold(text: string): string {
  return text
    .replaceAll(/[œŒ]/g, 'oe')
    .replaceAll(/[æÆ]/g, 'ae')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
}

/** The values of one column of a CSV file with quotes. */
export function column(csv: string, index: number): string[] {
  return csv
    .split(/\r?\n/)
    .slice(1)
    .filter(Boolean)
    .map((line) => (line.match(/"(?:[^"]|"")*"|[^,]*(?=,|$)/g) ?? []).filter((_, at, all) => keepCell(all, at)))
    .map((cells) => (cells[index] ?? '').replaceAll(/^"|"$/g, '').replaceAll('""', '"'))
}

// The expression above also matches the empty place after a quoted or plain cell; a true empty cell follows a comma.
function keepCell(all: string[], at: number): boolean {
  return all[at] !== '' || at === 0 || all[at - 1] === ''
}

/** Names of illnesses: words with a medical ending, and labels of one to four words. */
export function diseases(cim10: string, ald: string): string[] {
  const found = new Set<string>()
  const codes = column(cim10, 0)
  const labels = column(cim10, 1)
  labels.forEach((label, at) => {
    // Chapters V to Z are causes, circumstances and contacts with services: the words of administrative letters.
    if (!/^[A-T]/.test(codes[at]!)) return
    const folded = fold(label)
    for (const word of folded.match(/[a-z]{6,}/g) ?? []) {
      const one = word.replace(/s$/, '')
      if (MEDICAL_ENDING.test(word) && !EVERYDAY.has(one) && !EVERYDAY.has(word)) found.add(one)
    }
    const head = folded
      .split(/[,(;:[]/)[0]!
      .replaceAll(/[^a-z0-9]+/g, ' ')
      .trim()
    const parts = head.replace(TAIL, '').split(' ')
    if (parts.length < 2 || parts.length > 4 || head.length < 10) return
    if (
      /^(autre|absence|activite|anomalie|affection|lesion|maladie|trouble|examen|effet|etat|suite|personne|produit)s?\b/.test(
        head,
      )
    ) {
      if (!/^(maladie|syndrome) d[eu]? ?[a-z]{5,}$/.test(head)) return
    }
    found.add(parts.join(' '))
  })
  for (const label of column(ald, 1)) {
    for (const part of fold(label).split(/[,(]/)) {
      const head = part.replaceAll(/[^a-z0-9]+/g, ' ').trim()
      const count = head.split(' ').length
      if (count >= 2 && count <= 4 && !/^(valeur|affections|formes|suites)/.test(head)) found.add(head)
    }
  }
  return [...found].sort()
}

/** Single words that name an active substance. */
export function substances(csv: string): string[] {
  const found = new Set<string>()
  for (const name of column(csv, 0)) {
    for (const word of fold(name).match(/[a-z]{6,}/g) ?? []) if (!NO_MEDICINE.has(word)) found.add(word)
  }
  return [...found].sort()
}

/** The generated files, by name. */
export function generate(): Record<string, string> {
  const read = (name: string) => readFileSync(new URL(`source/${name}`, FOLDER), 'utf8')
  const file = (lines: string[]) => `${lines.join('\n')}\n`
  return {
    'diseases.txt': file(diseases(read('cim10.csv'), read('ald.csv'))),
    'substances.txt': file(substances(read('substances.csv'))),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(generate())) writeFileSync(new URL(name, FOLDER), text)
}
