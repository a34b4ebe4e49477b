/**
 * What a department delivers: the kind of record that it declares, and what the intake does with its rows. A department
 * declares its kinds; reading, matching, judging by digest, history and findings are the same for all of them.
 */
import type { PoolClient } from '../platform/database.ts';
import type { DepartmentCode } from '../registry/index.ts';
import type { FaultCode } from './faults.ts';

/** One kind of record. */
export interface RecordKind {
  /** `STUDENT`: [A-Z_]+, the same word as `feed.record`. */
  readonly name: string;
  /** '学籍记录 · Student record' */
  readonly title: string;
  /** Who delivers it. */
  readonly department: DepartmentCode;
  /** person: the standard fields of a person come with it, and each row is matched. */
  readonly subject: 'person' | 'none';
  /**
   * A row may come without name and number: somebody unknown (身份不明), who stands under a temporary key made of the source
   * and the row's key until they are known.
   */
  readonly mayBeUnknown?: true;
  /** Field with the division where somebody without a number was found: it stands for a home that the row does not say. */
  readonly foundIn?: string;
  /** Beside the standard ones. */
  readonly fields: readonly RecordField[];
  /** Between the fields of one row, after each was read; pure. */
  readonly check?: (row: ParsedRow) => readonly RowFault[];
  readonly writer: RecordWriter;
}

/** One field of a kind; made by the builders in `fields.ts`. */
export interface RecordField {
  /** camelCase, as templates and the API name it; the key in `intake_row.content`. */
  readonly name: string;
  /** '学校名称 · Name of the school' */
  readonly title: string;
  readonly required: boolean;
  /** Column of the kind's own table; undefined: the writer reads `content->>'name'` itself. */
  readonly column: string | undefined;
  /** `date`, `bigint`, `numeric(8,2)` …: what `content->>'name'` is cast to. */
  readonly sqlType: string;
  /** Lenient text (NFKC, trimmed, never empty) → canonical text; undefined is the fault `fault` of this field. */
  readonly read: (text: string) => string | undefined;
  /** Code of a text that cannot be read. */
  readonly fault: FaultCode;
  /** The text is given as delivered (NFC, trimmed) and not in NFKC: names and addresses keep their full-width signs. */
  readonly verbatim?: boolean;
  /** A doubt that does not lose the row, about the canonical text. */
  readonly warn?: (canonical: string) => FaultCode | undefined;
}

/** The standard fields of every kind; those beyond `sourceKey` come with the subject 'person'. */
export const STANDARD_FIELDS = ['sourceKey', 'idNumber', 'idType', 'name', 'sex', 'birthDate', 'region'] as const;
/** Name of a standard field. */
export type StandardField = (typeof STANDARD_FIELDS)[number];

/** One thing wrong with one row. `field` names a field of the kind or a standard one; empty: the row as a whole. */
export interface RowFault {
  readonly field: string;
  readonly code: FaultCode;
}

/** One row as read. */
export interface ParsedRow {
  readonly rowNo: number;
  readonly sourceKey: string;
  /** Canonical texts of the kind's own fields by name; what was empty is absent. */
  readonly content: Readonly<Record<string, string>>;
  /** Null for a kind without subject. */
  readonly subject: ParsedSubject | null;
  /** Today in China, 'YYYY-MM-DD'. */
  readonly today: string;
}

/** Whom a row is about, as delivered and normalised. */
export interface ParsedSubject {
  readonly idType: string | null;
  /** As delivered. */
  readonly idValue: string | null;
  /** The key under which the number is matched; null where there is none or it is not valid. */
  readonly idKey: string | null;
  readonly name: string;
  readonly nameKey: string;
  /** '0', '1', '2', '9' (GB/T 2261.1), or null. */
  readonly sex: string | null;
  readonly birthDate: string | null;
  /** Home as delivered, filled to 12 digits; resolved to today's division when it is applied. */
  readonly region: string | null;
}

/** A row on its way in: cells by field name, or a row that could not be read at all. `rowNo` counts from 1. */
export type RawRow =
  | {
      readonly rowNo: number;
      readonly cells: Readonly<Record<string, string>>;
      /** What the reader of the file found beside what is read from the texts: the row is lost for it. */
      readonly faults?: readonly RowFault[];
    }
  | { readonly rowNo: number; readonly unreadable: FaultCode };

/** SNAPSHOT: this is everything, what is missing has ended. DELTA: these changed. */
export type DeliveryMode = 'SNAPSHOT' | 'DELTA';

/** The delivery that a step belongs to. */
export interface StepDelivery {
  readonly id: string;
  readonly department: DepartmentCode;
  readonly sourceSystem: string;
  readonly record: string;
  readonly mode: DeliveryMode;
  /** When the rows were true in their source. */
  readonly asOf: Date;
  /** Division that the delivery is about, 12 digits; null: all that the source has. */
  readonly regionCode: string | null;
  /** Client that delivered. */
  readonly client: string;
}

/** One chunk of rows in one transaction: they are in the temporary table `intake_row` (its columns: `intake-row.ts`). */
export interface Step {
  readonly kind: RecordKind;
  readonly delivery: StepDelivery;
  /** Now, from the clock. */
  readonly at: Date;
  /** Nothing is kept; the same judgement as when applied. */
  readonly preview: boolean;
}

/** A whole snapshot, for what is missing in it. */
export interface SnapshotScope {
  readonly kind: RecordKind;
  readonly delivery: StepDelivery;
  readonly at: Date;
  /**
   * Rows of a record table that this snapshot speaks of and does not have, as a predicate on its alias `t` with `params`:
   * same source, not ended, not younger than the snapshot, delivered for the same division or one below it. A statement's
   * own parameters come after those.
   */
  readonly absent: string;
  readonly params: readonly unknown[];
}

/** What became of a row: told in counts and, where it is not recorded, as a finding. */
export type Verdict = 'NEW' | 'CHANGED' | 'UNCHANGED' | 'REJECTED' | 'CONFLICT';

/** What the hub's database role needs to write a table: as src/server/privileges.ts has it. */
export interface TableRight {
  readonly insert?: true;
  readonly update?: readonly string[];
}

/** A table with one row for each key of a source: columns `source_system`, `source_key`, `digest`, `ended_on`. */
export interface KeyedTable {
  readonly table: string;
  /** Its column of the person; undefined where rows are about nobody. */
  readonly person: string | undefined;
}

/** What a kind does with its rows. Every member is set-based on `intake_row` within the step's transaction. */
export interface RecordWriter {
  /** Tables that it writes and columns that it updates: granted to the hub's role when the database is prepared. */
  readonly rights?: (kind: RecordKind) => Readonly<Record<string, TableRight>>;
  /**
   * Where rows are held by the very keys of the delivery: whose content is held need not be matched nor judged, and gets the
   * verdict UNCHANGED while `intake_row` is filled. Without it every row is matched and judged.
   */
  readonly keyed?: (kind: RecordKind) => KeyedTable;
  /**
   * Sets `verdict` of the rows whose verdict is still null (matched ones): NEW, CHANGED or UNCHANGED; or REJECTED or
   * CONFLICT with `code` and `field`. Writes nothing else.
   */
  judge(tx: PoolClient, step: Step): Promise<void>;
  /** Writes the rows with the verdict NEW or CHANGED; what they replace is kept in `record_history`. */
  write(tx: PoolClient, step: Step): Promise<void>;
  /** Of a snapshot: how many held rows were not delivered. */
  missing?(tx: PoolClient, scope: SnapshotScope): Promise<number>;
  /** … and ends them; how many. */
  end?(tx: PoolClient, scope: SnapshotScope): Promise<number>;
}
