import { Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index } from 'typeorm';
import { DateScalar, isOneOf, Rows, Rule } from '../../graph/index.ts';
import { field, personRecord, tableWriter } from '../../intake/index.ts';
import type { RecordKind } from '../../intake/index.ts';
import { DepartmentRecord, Node, Programme, RecordId, SupportMode } from '../../registry/index.ts';
import { LegacyCertificateKind } from './lists.ts';
import { placeColumn } from './place.ts';
import { ruleOn, RULES } from './rules.ts';

const OWNER = 'CIVIL_AFFAIRS';
const CERTIFICATE = { group: 'legacy-certificate', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/**
 * A certificate of the years before Tekun. What it counts as today is a dated rule with its source, kept beside the
 * certificate; a rural-hardship certificate (甘政发〔2005〕二(四), 皖政〔2005〕131号 二(四)) is never Tekun.
 */
@Entity()
@Check('ck_legacy_certificate__kind', isOneOf('kind', LegacyCertificateKind))
@Check('ck_legacy_certificate__support_mode', isOneOf('support_mode', SupportMode))
@Check('ck_legacy_certificate__programme', `programme in ('TEKUN', 'LEGACY_RURAL_HARDSHIP')`)
@Check('ck_legacy_certificate__hardship', `kind <> 'RURAL_HARDSHIP' or programme is distinct from 'TEKUN'`)
@Index(['personId', 'id'])
@ObjectType({ implements: [Node, DepartmentRecord], description: '历史救助证件 · A certificate of former times' })
@Rows({ person: 'personId', via: 'person' })
export class LegacyCertificate extends personRecord(OWNER) {
  @RecordId(OWNER)
  id!: string;

  @Column('varchar')
  @Field(() => LegacyCertificateKind, { nullable: true, description: '证件种类 · Kind' })
  @Rule(CERTIFICATE)
  kind!: LegacyCertificateKind;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '证号 · Number of the certificate' })
  @Rule(CERTIFICATE)
  certificateNo!: string;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '发证机关 · Office that issued it' })
  @Rule(CERTIFICATE)
  issuer!: string | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '发证日期 · Issued on' })
  @Rule(CERTIFICATE)
  issuedOn!: string | null;

  @Column('date', { nullable: true })
  @Field(() => DateScalar, { nullable: true, description: '失效日期 · Last day on which it was valid' })
  @Rule(CERTIFICATE)
  validTo!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => SupportMode, { nullable: true, description: '供养方式 · How the person was supported' })
  @Rule(CERTIFICATE)
  supportMode!: SupportMode | null;

  @Column('varchar', { nullable: true })
  @Field(() => Programme, { nullable: true, description: '现对应类别 · What it counts as today; no status by itself' })
  @Rule(CERTIFICATE)
  programme!: Programme | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '对应依据 · Document that says so' })
  @Rule(CERTIFICATE)
  mappingBasis!: string | null;
}

const fields = [
  field.oneOf('kind', LegacyCertificateKind, {
    title: '证件种类 · Kind',
    required: true,
    column: 'kind',
    aliases: {
      五保: 'WUBAO',
      五保户: 'WUBAO',
      农村五保: 'WUBAO',
      三无: 'SANWU',
      三无人员: 'SANWU',
      城镇三无: 'SANWU',
      特困户: 'RURAL_HARDSHIP',
      农村特困户: 'RURAL_HARDSHIP',
      特困户证: 'RURAL_HARDSHIP',
      农村特困户救助证: 'RURAL_HARDSHIP',
    },
  }),
  field.text('certificateNo', { title: '证号 · Number', required: true, column: 'certificate_no', most: 60 }),
  field.text('issuer', { title: '发证机关 · Issuer', column: 'issuer' }),
  field.date('issuedOn', { title: '发证日期 · Issued on', column: 'issued_on' }),
  field.date('validTo', { title: '失效日期 · Valid to', column: 'valid_to' }),
  field.oneOf('supportMode', SupportMode, {
    title: '供养方式 · Support',
    column: 'support_mode',
    aliases: { 集中: 'CENTRALISED', 分散: 'SCATTERED' },
  }),
];

/** What is known last holds for all certificates, of whichever year. */
const mapping = (column: 'value' | 'source'): string =>
  ruleOn(
    `'${RULES.LEGACY_PROGRAMME}:' || (i.content->>'kind')`,
    `date '9999-12-31'`,
    placeColumn('county_code'),
    column,
  );

/** 历史证件 · Certificates of former times. */
export const legacyCertificates: RecordKind = {
  name: 'LEGACY_CERTIFICATE',
  title: '历史救助证件 · Legacy certificate',
  department: OWNER,
  subject: 'person',
  fields,
  check: ({ content: { issuedOn, validTo } }) =>
    issuedOn !== undefined && validTo !== undefined && validTo < issuedOn
      ? [{ field: 'validTo', code: 'BAD_ORDER' }]
      : [],
  writer: tableWriter({
    table: 'legacy_certificate',
    columns: { programme: mapping('value'), mapping_basis: mapping('source') },
  }),
};
