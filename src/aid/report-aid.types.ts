/** What `Mutation.reportAid` takes and gives. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AidCode, AidOutcome } from './aid-item.ts';
import type { AidField, AidItem, AidReceipt } from './aid-item.ts';
import { LenientText } from './lenient-text.ts';

type Text = string | null;

/** One grant in the words of its department. */
@InputType({
  description:
    '一笔救助 · One grant. Every value is text and is read leniently (2026/3/1, 1,200.00, 教育救助): a value that cannot ' +
    'be read rejects this item and no other',
})
export class ReportAidItemInput implements AidItem {
  @Field(() => LenientText, {
    nullable: true,
    description: '业务编号 · The department’s own key of the grant, at most 128 characters; required',
  })
  sourceKey?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description: '版本号 · Version from 1, which is also meant when it is left out; a higher one corrects the grant',
  })
  version?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description: '冲销的原业务编号 · Key of the grant that this item undoes; the person must be the same',
  })
  reversalOf?: Text;

  @Field(() => LenientText, { nullable: true, description: '身份证号 · Resident ID number, 15 or 18 digits; required' })
  idNumber?: Text;

  @Field(() => LenientText, { nullable: true, description: '姓名 · Name, which must agree with the number; required' })
  name?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description: '救助项目 · Programme of the caller’s own department: a code of AidProgramme or its name; required',
  })
  programme?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description: '救助方式 · Form of the aid: a code of AidMode or its name; required',
  })
  mode?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description: '金额（元） · Yuan above zero; required for CASH, WAIVER, LOAN and PREMIUM unless the item reverses',
  })
  amountYuan?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description: '实物或服务说明 · What was given; required for KIND, SERVICE and JOB without an amount',
  })
  kindDescription?: Text;

  @Field(() => LenientText, { nullable: true, description: '所属期起 · First month that the aid is for, YYYY-MM' })
  periodFrom?: Text;

  @Field(() => LenientText, { nullable: true, description: '所属期止 · Last month that the aid is for, YYYY-MM' })
  periodTo?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description: '审批日期 · Day of the decision, YYYY-MM-DD, not in the future; required',
  })
  decidedOn?: Text;

  @Field(() => LenientText, { nullable: true, description: '发放日期 · Day of payment, YYYY-MM-DD' })
  paidOn?: Text;

  @Field(() => LenientText, { nullable: true, description: '资金来源 · Source of the funds' })
  fundSource?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description:
      '办理机构区划 · Division of the office that decided, inside the caller’s regions. Left out: the office at the ' +
      'person’s home, which must then lie inside them',
  })
  officeRegion?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description:
      '救助细项 · Item of the programme, e.g. BOARDING_SUBSIDY or 寄宿生生活补助, as the catalogue has it on the day of the ' +
      'decision where the office or the home is',
  })
  item?: Text;

  @Field(() => LenientText, {
    nullable: true,
    description:
      '凭据编号 · What the grant is for, at most 64 characters: code of the house, number of the voucher, of the event or ' +
      'course; required for items that are granted once for each',
  })
  reference?: Text;
}

/** A report of grants. */
@InputType({ description: '救助结果回传 · Report of grants' })
export class ReportAidInput {
  @Field(() => [ReportAidItemInput], {
    description: '明细 · At most 5,000 items; the results come in the same order',
  })
  items!: ReportAidItemInput[];

  @Field(() => Boolean, {
    defaultValue: false,
    description: '试运行 · Checks everything and writes nothing; whom it asked about is recorded all the same',
  })
  dryRun: boolean = false;
}

/** What became of one item. */
@ObjectType('AidReceipt', { description: '单笔回执 · What became of one item' })
export class AidReceiptPayload implements AidReceipt {
  @Field(() => Int, { description: '序号 · Position of the item in the call, from 0' })
  index!: number;

  @Field(() => String, { nullable: true, description: '业务编号 · The department’s own key, where it could be read' })
  sourceKey!: string | null;

  @Field(() => Int, { nullable: true, description: '版本号 · Version, where it could be read' })
  version!: number | null;

  @Field(() => AidOutcome, { description: '处理结果 · Outcome' })
  outcome!: AidOutcome;

  @Field(() => AidCode, {
    nullable: true,
    description: '原因代码 · Why the item was rejected or waits; ALREADY_REVERSED only informs',
  })
  code!: AidCode | null;

  @Field(() => String, { nullable: true, description: '字段 · Field of the item that the code is about' })
  field!: AidField | null;

  @Field(() => String, { nullable: true, description: '处理办法 · What to do about it' })
  remedy!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: '救助记录主键 · Id of the recorded version; null when nothing was written',
  })
  grantId!: string | null;
}

/** What became of a report. */
@ObjectType({ description: '回传结果 · What became of a report' })
export class ReportAidPayload {
  @Field(() => Int, { description: '已记录笔数 · Items recorded' })
  recorded!: number;

  @Field(() => Int, { description: '未变笔数 · Items held already with the same content' })
  unchanged!: number;

  @Field(() => Int, { description: '历史版本笔数 · Items kept as history below a newer version' })
  superseded!: number;

  @Field(() => Int, { description: '待原记录笔数 · Reversals that wait for their originals' })
  pending!: number;

  @Field(() => Int, { description: '拒收笔数 · Items rejected' })
  rejected!: number;

  @Field(() => [AidReceiptPayload], { description: '逐笔回执 · One for each item, in the order given' })
  results!: readonly AidReceipt[];
}
