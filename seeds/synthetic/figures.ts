/**
 * The shares that the generator draws from, each with its source. "Fujian": two county tables (Yongtai 2023, rural; Dehua
 * 2024, urban), the only ones at hand that break recipients down; [S] sources are high in trust, one county each.
 */
import { weighted } from './random.ts';

/** Of all persons, those in a household that is or was enrolled. */
export const IN_RECIPIENT_HOUSEHOLDS = 0.4;
/** Of recipient households, the urban ones: about 0.3 of 1.7 million persons in either province (low trust). */
export const URBAN = 0.18;

/** Persons in a Dibao household; mean 1.78 rural, 1.65 urban (ministry 2021: 1.79 and 1.62). */
export const HOUSEHOLD_SIZES = {
  RURAL: { '1': 55, '2': 24, '3': 12, '4': 6, '5': 3 },
  URBAN: { '1': 58, '2': 25, '3': 12, '4': 4, '5': 1 },
} as const;
/** Draws the size of a household from {@link HOUSEHOLD_SIZES}, as text. */
export const sizeOf = {
  RURAL: weighted(HOUSEHOLD_SIZES.RURAL),
  URBAN: weighted(HOUSEHOLD_SIZES.URBAN),
};
/** Draws the size of a Tekun household (a guess: most live alone). */
export const tekunSize = weighted({ '1': 92, '2': 8 });

/**
 * Persons by programme, in parts of the 66 million of 2023-10 (ministry): Dibao 40, Tekun 4.6, edge 6, relapse monitoring
 * 3, other 13, which is taken as burdened by expenses 10, temporary aid 2.9, certificates of before 2007 0.1.
 */
export const PERSONS_BY_PROGRAMME = {
  DIBAO: 40,
  TEKUN: 4.6,
  DIBAO_EDGE: 6,
  RELAPSE_MONITORED: 3,
  RIGID_EXPENDITURE: 10,
  TEMPORARY_AID: 2.9,
  LEGACY_RURAL_HARDSHIP: 0.1,
} as const;
/** A programme of civil affairs. */
export type ProgrammeName = keyof typeof PERSONS_BY_PROGRAMME;

const MEAN_SIZE = { RURAL: 1.78, URBAN: 1.65, TEKUN: 1.08 };
/** Households by programme: a Tekun household is smaller, so there are more of them for the same persons. */
export const programmeOf = {
  RURAL: weighted(perHousehold('RURAL')),
  // Monitoring against relapse and the old certificates are rural schemes.
  URBAN: weighted({ ...perHousehold('URBAN'), RELAPSE_MONITORED: 0, LEGACY_RURAL_HARDSHIP: 0 }),
};

function perHousehold(kind: 'RURAL' | 'URBAN'): Record<ProgrammeName, number> {
  const share = { ...PERSONS_BY_PROGRAMME } as Record<ProgrammeName, number>;
  share.TEKUN *= MEAN_SIZE[kind] / MEAN_SIZE.TEKUN;
  return share;
}

/** First cause of the difficulty, in per cent: Fujian. */
export const CAUSES = {
  RURAL: { ILLNESS: 28.5, DISABILITY: 30.4, NO_LABOUR: 28.4, SCHOOLING: 0.9, DISASTER: 0.7, OTHER: 11.1 },
  URBAN: { ILLNESS: 21, DISABILITY: 39, NO_LABOUR: 6, SCHOOLING: 23, DISASTER: 0, OTHER: 11 },
} as const;
/** A cause of difficulty. */
export type Cause = keyof typeof CAUSES.RURAL;

/** Disabled persons among recipients: Fujian. */
export const DISABLED = { RURAL: 0.2, URBAN: 0.39 } as const;

/**
 * Who is in the household: chances that make up the shares of Fujian (rural: aged 25 %, minors 19 %, women 43 %; urban:
 * 5 %, 37 %, 48 %). Rural members beside the head are 44 of 100 persons, urban 39.
 */
export const HEAD = {
  RURAL: { minor: 0.01, aged: 0.37, female: 0.38 },
  URBAN: { minor: 0.03, aged: 0.07, female: 0.48 },
  TEKUN: { minor: 0.02, aged: 0.8, female: 0.22 },
} as const;
/** The same for the members beside the head. */
export const OTHERS = {
  RURAL: { minor: 0.43, aged: 0.1 },
  URBAN: { minor: 0.9, aged: 0.02 },
} as const;

/** Labour ability: Fujian rural (able 11, partial 27, total loss 29, none by age 33 %), by age below 18, 18–59, 60 on. */
export const labourOf = {
  aged: weighted({ NONE_BY_AGE: 56, TOTAL_LOSS: 31, PARTIAL: 13 }),
  adult: weighted({ ABLE: 19.6, PARTIAL: 42.3, TOTAL_LOSS: 38.1 }),
  /** Outside Dibao and Tekun more people can work; no source, a guess. */
  adultElsewhere: weighted({ ABLE: 60, PARTIAL: 25, TOTAL_LOSS: 15 }),
};

/** Self-care of Tekun persons (Deqin 2025); the same words are the enrolment's category. */
export const selfCareOf = weighted({ FULL_LOSS: 6.7, PARTIAL_LOSS: 31.5, ABLE: 61.8 });
/** Tekun persons who live in an institution (Deqin 2025). */
export const CENTRALISED = 0.054;
/** Classes of Dibao in Gansu and their share of the standard (S4 names the classes; the numbers are a guess). */
export const dibaoClass = weighted({ A: 20, B: 45, C: 35 });
/** What a class of Dibao pays, as a share of the standard. */
export const CLASS_SHARE: Readonly<Record<string, number>> = { A: 1, B: 0.75, C: 0.55 };

/** Dibao standard a person and month in fen (minister 2025-10: about 810 and 600 yuan). */
export const STANDARD = { RURAL: 600_00, URBAN: 810_00 } as const;
/** Tekun base a person and month in fen (Deqin 2025: 1,006 yuan). */
export const TEKUN_BASE = 1006_00;
/** Care allowance of Tekun a person and month in fen, by self-care (a guess). */
export const CARE: Readonly<Record<string, number>> = { FULL_LOSS: 600_00, PARTIAL_LOSS: 300_00, ABLE: 80_00 };

/** Share of enrolments that ended lately: 0.8–1.1 % a month over ten months (Fujian 2017). */
export const ENDED = 0.095;
/** Chance a month that an enrolment which is open today began then: 0.8 % of the stock is a month old, and so on. */
export const AGEING = 0.008;
/** Share of enrolments that are suspended today (a guess). */
export const SUSPENDED = 0.015;
/** Share that was suspended and restored within the last year (a guess). */
export const RESTORED = 0.01;

/** Households with a large hospital bill in the last year. */
export const BIG_BILL = 0.2;

/** What is wrong with real data, as a share of persons unless said. */
export const DIRTY = {
  noId: 0.003,
  fifteenDigits: 0.002,
  /** Of numbers that end in X. */
  lowerCaseX: 0.1,
  dottedName: 0.01,
  beyondBmp: 0.001,
  staleRegion: 0.01,
  /** Of persons in recipient households: counted in a second one as well. */
  secondHousehold: 0.005,
  /** Of persons in recipient households: died, and nobody stopped the enrolment. */
  lateDeath: 0.003,
  /** A number that was corrected: the old one stays, superseded. */
  superseded: 0.001,
  /** Residence permits of Hong Kong, Macao and Taiwan, permanent residence of foreigners. */
  permit: 0.0005,
  countyOnly: 0.03,
} as const;

/** Of reported grants: corrected by a second version, reversed, and reversals that arrived before their original. */
export const CHAINS = { superseded: 0.012, reversed: 0.008, pending: 0.0004 } as const;
