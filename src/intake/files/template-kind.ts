/** What a template may name of a kind: its own fields and those that every kind has. */
import type { RecordKind, StandardField } from '../record-kind.ts';
import type { TemplateKind } from './template.ts';

const STANDARD: Readonly<Record<StandardField, { readonly title: string; readonly required: boolean }>> = {
  sourceKey: { title: '业务编号 · The department’s own key', required: true },
  idNumber: { title: '证件号码 · Identity number', required: false },
  idType: { title: '证件类型 · Type of document', required: false },
  name: { title: '姓名 · Name', required: true },
  sex: { title: '性别 · Sex', required: false },
  birthDate: { title: '出生日期 · Birth date', required: false },
  region: { title: '区划代码 · Division of the home', required: false },
};

/** The kind as its template sees it. */
export function templateKindOf({ name: record, title, subject, mayBeUnknown, fields }: RecordKind): TemplateKind {
  const standard = Object.entries(STANDARD).filter(([name]) => name === 'sourceKey' || subject === 'person');
  const own = fields.map((field) => ({
    name: field.name,
    title: field.title,
    required: field.required,
    prose: field.verbatim === true,
    month: field.read('2026-03') === '2026-03' && field.read('2026-03-01') === undefined,
  }));
  const names = new Set(own.map(({ name }) => name));
  return {
    record,
    title,
    fields: [
      ...standard
        .filter(([name]) => !names.has(name))
        .map(([name, field]) => ({
          name,
          title: field.title,
          required: field.required && !(name === 'name' && mayBeUnknown === true),
          prose: false,
          month: false,
        })),
      ...own,
    ],
  };
}
