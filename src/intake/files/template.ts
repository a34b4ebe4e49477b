/**
 * Templates: by which headers a file of a kind of records names its columns. One JSON file each in `seeds/templates`; an
 * installation's own folder has others in their place. They are checked against the kinds before the hub starts.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { plainHeader } from '../../platform/csv/headers.ts';
import type { HeaderColumn } from '../../platform/csv/headers.ts';

/** A kind of records, as far as its template goes. */
export interface TemplateKind {
  /** 'STUDENT'. */
  readonly record: string;
  readonly title: string;
  /** All fields of a row, those that every kind has included. */
  readonly fields: readonly {
    readonly name: string;
    readonly title: string;
    readonly required: boolean;
    /** Whether people write more than one line into it. */
    readonly prose: boolean;
    /** Whether it is a month, which spreadsheets turn into its first day. */
    readonly month: boolean;
  }[];
}

/** A column of a template. */
export interface TemplateColumn extends HeaderColumn {
  readonly title: string;
  readonly prose: boolean;
  readonly month: boolean;
  readonly example: string;
  readonly note: string;
}

/** The columns of a file of one kind, in the order in which an empty one has them. */
export interface Template {
  readonly record: string;
  readonly title: string;
  readonly columns: readonly TemplateColumn[];
}

/** Templates by kind of records. */
export type Templates = ReadonlyMap<string, Template>;

/** Templates that cannot be used, all faults at once, each with its file. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(faults: readonly string[]) {
    super(`The templates have ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:\n  ${faults.join('\n  ')}`);
  }
}

const form = z.strictObject({
  record: z.string(),
  title: z.string(),
  columns: z
    .array(
      z.strictObject({
        field: z.string(),
        headers: z.tuple([z.string().min(1)], z.string().min(1)),
        example: z.string().default(''),
        note: z.string().default(''),
      }),
    )
    .min(1),
});

/** Where templates lie. */
export interface TemplateFolders {
  /** Those that come with the hub; one of a kind that this hub does not hold is left alone. */
  readonly own: string;
  /** Those of the installation, which take the place of the former; here every kind must be known. */
  readonly installed: string | undefined;
}

/** The templates of the kinds; each kind has one. Throws TemplateError that names every fault and its file. */
export function readTemplates(folders: TemplateFolders, kinds: readonly TemplateKind[]): Templates {
  const faults: string[] = [];
  const templates = new Map<string, Template>();
  const add = (folder: string, unknownKind: (file: string, record: string) => void): void => {
    for (const file of jsonFilesIn(folder)) {
      const path = join(folder, file);
      const read = form.safeParse(parsed(path));
      if (!read.success) {
        faults.push(...read.error.issues.map((issue) => `${path}: ${issue.path.join('.')} ${issue.message}`));
        continue;
      }
      const kind = kinds.find(({ record }) => record === read.data.record);
      if (kind === undefined) {
        unknownKind(path, read.data.record);
        continue;
      }
      const found = toTemplate(read.data, kind);
      faults.push(...found.faults.map((fault) => `${path}: ${fault}`));
      templates.set(kind.record, found.template);
    }
  };
  add(folders.own, () => undefined);
  if (folders.installed !== undefined)
    add(folders.installed, (path, record) => {
      const known = kinds.map((kind) => kind.record).join(', ');
      faults.push(`${path}: there are no records of the kind ${record}; there are ${known}`);
    });
  for (const { record } of kinds)
    if (!templates.has(record))
      faults.push(
        `${join(folders.own, fileOf(record))}: the records ${record} have no template, and this file is expected`,
      );
  if (faults.length > 0) throw new TemplateError(faults);
  return templates;
}

/** Name of the file in which the template of a kind is expected: 'student.json'. */
const fileOf = (record: string): string => `${record.toLowerCase().replaceAll('_', '-')}.json`;

function toTemplate(
  { title, columns }: z.infer<typeof form>,
  kind: TemplateKind,
): { readonly template: Template; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const named = new Map<string, string>();
  const used: TemplateColumn[] = [];
  for (const { field, headers, example, note } of columns) {
    const found = kind.fields.find(({ name }) => name === field);
    if (found === undefined) {
      faults.push(`${kind.record} has no field ${field}; it has ${kind.fields.map(({ name }) => name).join(', ')}`);
      continue;
    }
    if (used.some((column) => column.field === field)) faults.push(`the field ${field} has two columns`);
    for (const header of new Set([field, ...headers].map(plainHeader))) {
      const other = named.get(header);
      if (other !== undefined && other !== field) faults.push(`the header ${header} means ${other} and ${field}`);
      named.set(header, field);
    }
    const { required, title: means, prose, month } = found;
    used.push({ field, headers, required, title: means, prose, month, example, note });
  }
  for (const { name, required } of kind.fields)
    if (required && !used.some(({ field }) => field === name)) faults.push(`the required field ${name} has no column`);
  return { template: { record: kind.record, title, columns: used }, faults };
}

function jsonFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    throw new TemplateError([`${folder}: cannot be read (${error instanceof Error ? error.message : 'unknown'})`]);
  }
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
}
