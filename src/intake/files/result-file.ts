/** The result file of a delivery: one line a finding, for a spreadsheet. */
import { Readable, pipeline } from 'node:stream';
import type { DeliveryFindingRow } from '../intake-service.ts';
import type { Template } from './template.ts';

const HEADER = ['行号', '业务编号', '字段', '代码', '原因', '处理办法'];

/** CSV in UTF-8 with its mark, as it is read; keys come from a file, so a spreadsheet must not run one as a formula. */
export function resultFile(
  findings: AsyncIterable<readonly DeliveryFindingRow[]>,
  template: Template | undefined,
): Readable {
  const headers = new Map(template?.columns.map(({ field, headers: [first] }) => [field, first]));
  async function* lines(): AsyncGenerator<readonly (string | number)[]> {
    yield HEADER;
    for await (const some of findings)
      for (const { rowNo, sourceKey, field, code, reason, remedy } of some)
        yield [rowNo, sourceKey ?? '', headers.get(field) ?? field, code, reason, remedy];
  }
  async function* text(): AsyncGenerator<Buffer> {
    const { stringify } = await import('csv-stringify');
    const file = stringify({ bom: true, escape_formulas: true });
    // A database that fails in the middle cuts the answer off: half a result must not look like a whole one.
    pipeline(Readable.from(lines()), file, () => undefined);
    yield* file as AsyncIterable<Buffer>;
  }
  return Readable.from(text(), { objectMode: false });
}
