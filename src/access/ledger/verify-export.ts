/** Verifies an export with neither database nor network: the same checks of the same items. */
import { exportMessage } from './export.ts';
import { openExport } from './export-items.ts';
import type { ExportReading } from './export-items.ts';
import { FaultFound, fault } from './fault.ts';
import { Verifier } from './verifier.ts';
import { CHECKPOINT_GRACE, outcomeOf, takeAll } from './verify.ts';
import type { Verification } from './verify.ts';

/** Which file, and whom to believe. */
export interface ExportToVerify {
  readonly file: string;
  /** Fingerprints of keys that are trusted; their successors are as well. */
  readonly trust: readonly string[];
  /** Called now and then with the number of entries checked. */
  readonly onProgress?: (done: number) => void;
}

/** What was found in an export. */
export interface ExportVerification extends Verification {
  /** 'YYYY-MM', where the export holds months. */
  readonly from?: string;
  readonly to?: string;
  /** The export as a whole is not signed: that it holds all that there was when it was made is not proven. */
  readonly unsigned?: true;
}

/** Checks everything that the export holds. Rejects when the file cannot be read at all. */
export async function verifyExport({ file, trust, onProgress }: ExportToVerify): Promise<ExportVerification> {
  let reading: ExportReading;
  try {
    reading = await openExport(file);
  } catch (error) {
    if (!(error instanceof FaultFound)) throw error;
    return { ok: false, entries: 0, seals: 0, chains: 0, checkpoints: 0, firstFault: error.fault };
  }
  const { head } = reading;
  const verifier = new Verifier({
    trust,
    nowMicros: head.madeMicros,
    graceMicros: BigInt(CHECKPOINT_GRACE) * 1_000n,
    spans: head.spans,
    archived: [],
  });
  const found = await outcomeOf(verifier.tally, async () => {
    await takeAll(verifier, reading.items, (done) => onProgress?.(done));
    const { end, sha256 } = reading.end();
    verifier.end();
    if (!end.sha256.equals(sha256)) fault('EXPORT_DAMAGED', 0, 0, 'The export was changed: its digest does not fit.');
    if (end.signed !== null && !(await verifier.signs(end.signed, exportMessage(sha256)))) {
      fault('SIGNATURE_WRONG', 0, 0, 'The signature of the export as a whole does not fit: the export was changed.');
    }
  });
  return {
    ...found,
    ...(head.from === null ? {} : { from: head.from }),
    ...(head.to === null ? {} : { to: head.to }),
    ...(found.ok && reading.end().end.signed === null ? { unsigned: true } : {}),
  };
}
