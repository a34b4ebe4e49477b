/** The published agreements as the engine asks them: one caller, one agreement, default deny. */
import type { FieldRule } from '../../graph/index.ts';
import type { AccessProfile, Decision, Denial, Policy, RowScope } from '../../graph/index.ts';
import type { Bound, Caller, Department, Purpose } from '../caller.ts';
import { maskOf } from '../masks.ts';
import type { RegionDirectory } from '../regions.ts';
import { rowScope } from '../row-scope.ts';
import type { CallerPlaces } from '../row-scope.ts';
import type { Agreement, PolicyData } from './agreement.ts';
import { placeProperty } from '../../graph/index.ts';

/** What decides about a caller: the agreement of its department and role, and where its regions stand. */
export interface Profile extends AccessProfile {
  readonly agreement: Agreement;
  readonly places: CallerPlaces;
  /** Set where no agreement is in force: why. Such a caller reads what is public, and nothing else. */
  readonly outside?: string;
}

/** Values of the caller and of the moment, for the slots of a statement. */
export type CallerValues = Readonly<Record<string, unknown>>;

/** What a caller with some list of regions was found to be on a day, for one purpose. */
interface Standing extends Pick<Bound, 'department' | 'role'> {
  readonly today: string;
  readonly profile: Profile;
}

const PUBLIC_GROUP = 'public';

/** The policy in force. */
export class SharingPolicy implements Policy<Profile> {
  readonly version: number;
  readonly stamp: number;
  readonly #data: PolicyData;
  readonly #regions: RegionDirectory;
  // A token that is remembered hands out the same list of regions each time; a weak key goes with it.
  readonly #profiles = new WeakMap<readonly string[], Map<Purpose | undefined, Standing>>();
  readonly #places = new WeakMap<readonly string[], CallerValues>();

  constructor(data: PolicyData, regions: RegionDirectory) {
    this.version = data.version;
    this.stamp = data.stamp;
    this.#data = { ...data, agreements: data.agreements.toSorted(byNumber) };
    this.#regions = regions;
  }

  get agreements(): readonly Agreement[] {
    return this.#data.agreements;
  }

  get groups(): PolicyData['groups'] {
    return this.#data.groups;
  }

  /** Whether the token that the caller came with was revoked. */
  isRevoked(caller: Caller): boolean {
    return this.#data.revocations(caller);
  }

  /**
   * Fruitless checks that each client of the department and role may make in a day, whatever for: the most that one of
   * their agreements in force gives; undefined where none says.
   */
  missesPerDayOf({ department, role }: Pick<Caller, 'department' | 'role'>, today: string): number | undefined {
    const given = this.#data.agreements.flatMap((one) =>
      one.department === department && one.role === role && isInForce(one, today) ? (one.missesPerDay ?? []) : [],
    );
    return given.length === 0 ? undefined : Math.max(...given);
  }

  /**
   * The agreement that the request stands on today: the one that its purpose picks. Without a purpose, or with one that
   * none of them names, the first by number, under which personal data is refused for lack of the purpose; an
   * emergency agreement never stands in, and none for one that is suspended. Undefined when none is in force.
   */
  agreementOf(caller: Pick<Bound, 'department' | 'role' | 'purpose'>, today: string): Agreement | undefined {
    const { purpose } = caller;
    const inForce = this.#inForce(caller, today);
    const picked = purpose === undefined ? undefined : inForce.find(({ purposes }) => purposes.includes(purpose));
    if (picked !== undefined || this.#isSuspended(caller)) return picked;
    return inForce.find(({ emergency }) => !emergency);
  }

  /** Whether an everyday agreement of the purpose is suspended, which its caller is to be told. */
  #isSuspended({ department, role, purpose }: Pick<Bound, 'department' | 'role' | 'purpose'>): boolean {
    if (purpose === undefined) return false;
    return this.#data.agreements.some(
      (one) =>
        one.department === department &&
        one.role === role &&
        !one.emergency &&
        one.state === 'SUSPENDED' &&
        one.purposes.includes(purpose),
    );
  }

  /** Purposes for which some agreement of the caller's department and role is in force. */
  purposesOf(caller: Pick<Bound, 'department' | 'role'>, today: string): readonly Purpose[] {
    return [...new Set(this.#inForce(caller, today).flatMap(({ purposes }) => purposes))];
  }

  /**
   * Which departments may be asked about persons on that day: those whose systems supply data (数据报送) under an agreement
   * in force. A question tells the department whom somebody asks about, so without one it is not put.
   */
  supplierOn(today: string): (department: Department) => boolean {
    const isSupplier = ({ purposes }: Agreement): boolean => purposes.includes('DATA_SUPPLY');
    return (department) => this.#inForce({ department, role: 'SYSTEM' }, today).some(isSupplier);
  }

  #inForce({ department, role }: Pick<Bound, 'department' | 'role'>, today: string): readonly Agreement[] {
    return this.#data.agreements.filter(
      (agreement) => agreement.department === department && agreement.role === role && isInForce(agreement, today),
    );
  }

  /** What decides about the caller today. */
  profileOf(caller: Bound, today: string): Profile {
    const { department, role, regions, purpose } = caller;
    const standings = this.#profiles.get(regions) ?? new Map<Purpose | undefined, Standing>();
    const known = standings.get(purpose);
    if (known?.department === department && known.role === role && known.today === today) return known.profile;
    const agreement = this.agreementOf(caller, today);
    if (agreement === undefined) return this.#outsider(caller, today);
    const properties = [...placesOf(regions, this.#regions).keys()].sort();
    const places = { properties, single: regions.length === 1 };
    // A version is never changed, so version and number say what the agreement says.
    const key = [this.version, agreement.number, places.single, ...properties].join('/');
    const profile = { key, agreement, places };
    this.#profiles.set(regions, standings.set(purpose, { department, role, today, profile }));
    return profile;
  }

  /** Somebody without an agreement in force, and why there is none. */
  #outsider({ department, role }: Bound, today: string): Profile {
    const lapsed = this.#data.agreements.filter(
      (agreement) =>
        agreement.department === department &&
        agreement.role === role &&
        !agreement.emergency &&
        !isInForce(agreement, today),
    );
    const why = lapsed.map((agreement) => `${agreement.number} ${lapseOf(agreement, today)}`);
    return {
      key: [this.version, 'outside', department, role].join('/'),
      agreement: { ...NOTHING, department, role },
      places: { properties: [], single: false },
      outside: ['no sharing agreement is in force for your department, role and purpose', ...why].join('; '),
    };
  }

  /** Values for the slots that name the caller. A region that is no longer known gives no right to any row. */
  valuesOf(caller: Bound, moment: { readonly today: string; readonly now: Date }): CallerValues {
    let places = this.#places.get(caller.regions);
    if (places === undefined) {
      const single = caller.regions.length === 1;
      const entries = [...placesOf(caller.regions, this.#regions)];
      places = Object.fromEntries(
        entries.map(([property, codes]) => [`regions.${property}`, single ? codes[0] : codes]),
      );
      this.#places.set(caller.regions, places);
    }
    return {
      policyStamp: this.stamp,
      client: caller.client,
      department: caller.department,
      role: caller.role,
      purpose: caller.purpose ?? null,
      caseNo: caller.caseNo ?? null,
      today: moment.today,
      now: moment.now.toISOString(),
      ...places,
    };
  }

  operation(profile: Profile, name: string): { readonly kind: 'allow'; readonly personal: boolean } | Denial {
    if (PUBLIC_OPERATIONS.has(name)) return { kind: 'allow', personal: false };
    if (profile.agreement.operations.has(name)) return { kind: 'allow', personal: true };
    const reason = profile.outside ?? `no agreement opens ${name} to ${whom(profile)}`;
    return { kind: 'deny', reason, owner: 'CIVIL_AFFAIRS' };
  }

  field(profile: Profile, coordinate: string, rule: FieldRule): Decision {
    if (rule.group === PUBLIC_GROUP && rule.sensitivity === 'PUBLIC') return { kind: 'full' };
    const grant = profile.agreement.fields.get(rule.group);
    const denial = (reason: string): Denial => ({ kind: 'deny', reason, owner: rule.owner });
    if (grant === undefined) {
      const title = this.#data.groups.get(rule.group)?.title ?? rule.group;
      return denial(`${title} (${rule.group}) is not shared with ${whom(profile)}`);
    }
    const scope = grant.scope === undefined ? {} : { scope: rowScope(grant.scope, profile.places) };
    if (grant.access === 'full') return { kind: 'full', ...scope };
    const mask = rule.mask === undefined ? undefined : maskOf(rule.mask);
    // Shared in part only, and this field has no form that shows a part.
    if (mask === undefined)
      return denial(`${coordinate} is shared with ${whom(profile)} in part only and has no partial form`);
    return { kind: 'mask', mask, ...scope };
  }

  rows(profile: Profile, type: string): RowScope | Denial {
    const kind = profile.agreement.rows.get(type);
    if (kind !== undefined) return rowScope(kind, profile.places);
    return { kind: 'deny', reason: `no agreement opens ${type} to ${whom(profile)}`, owner: 'CIVIL_AFFAIRS' };
  }

  smallestCount(profile: Profile): number {
    return profile.agreement.smallestCount;
  }
}

/** What is open to somebody without an agreement. */
const NOTHING: Omit<Agreement, 'department' | 'role'> = {
  number: '',
  title: '',
  legalBasis: '',
  purposes: [],
  validFrom: '',
  validUntil: undefined,
  state: 'ACTIVE',
  stateReason: undefined,
  emergency: false,
  smallestCount: 0,
  operations: new Set(),
  rows: new Map(),
  fields: new Map(),
};

/** Why an agreement does not decide on that day. */
function lapseOf({ state, stateReason = '', validFrom, validUntil }: Agreement, today: string): string {
  if (state !== 'ACTIVE') return `is ${state.toLowerCase()}: ${stateReason}`;
  return today < validFrom ? `begins on ${validFrom}` : `ended on ${validUntil ?? today}`;
}

const byNumber = (a: Agreement, b: Agreement): number => (a.number < b.number ? -1 : 1);

/** Whether the agreement decides on that day; both ends of its validity are included. */
export const isInForce = ({ state, validFrom, validUntil }: Agreement, today: string): boolean =>
  state === 'ACTIVE' && validFrom <= today && (validUntil === undefined || validUntil >= today);

/** Codes by the place column in which they stand. */
function placesOf(codes: readonly string[], regions: RegionDirectory): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const code of codes) {
    const level = regions.levelOf(code);
    if (level === undefined) continue;
    const property = placeProperty(level);
    places.set(property, [...(places.get(property) ?? []), code]);
  }
  return places;
}

/** Open to every authenticated caller and without personal data: divisions, feeds, what is shared with whom. */
const PUBLIC_OPERATIONS = new Set([
  'region',
  'regions',
  'feedStatus',
  'sharingAgreements',
  'sharingCatalogue',
  'policyVersions',
]);

const whom = ({ agreement }: Profile): string => `${agreement.department}/${agreement.role}`;
