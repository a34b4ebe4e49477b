/** What departments record, and the aid that they granted. */
import { Authorized, Field, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { formatYuan } from '../../../src/platform/money.ts';

const text = (): StringConstructor => String;

@ObjectType()
@Entity()
export class StudentRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  personId!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  stage!: string;

  @Column('smallint')
  @Field(() => Int, { nullable: true })
  @Authorized('SYSTEM')
  grade!: number;

  @Column('boolean')
  @Field(() => Boolean, { nullable: true })
  @Authorized('SYSTEM')
  boarding!: boolean;

  @Column('varchar')
  term!: string;

  @Column('timestamptz', { name: 'as_of' })
  deliveredAt!: Date;

  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  get asOf(): string {
    return this.deliveredAt.toISOString();
  }
}

@ObjectType()
@Entity()
export class MedicalSettlement {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  personId!: string;

  @Column('date')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  admittedOn!: string;

  @Column('bigint')
  totalFen!: string;

  @Column('bigint')
  selfFen!: string;

  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  get total(): string {
    return formatYuan(BigInt(this.totalFen));
  }

  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  get self(): string {
    return formatYuan(BigInt(this.selfFen));
  }
}

@ObjectType()
@Entity()
export class HousingRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  personId!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  tenure!: string;

  @Column('varchar', { nullable: true })
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  dangerGrade!: string | null;
}

@ObjectType()
@Entity()
export class EmploymentRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  personId!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  status!: string;

  @Column('date')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  registeredOn!: string;
}

@ObjectType()
@Entity()
export class AidGrant {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  department!: string;

  @Column('varchar')
  sourceKey!: string;

  @Column('int')
  version!: number;

  @Column('bytea')
  digest!: Buffer;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  programme!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  mode!: string;

  @Column('uuid', { nullable: true })
  personId!: string | null;

  @Column('uuid', { nullable: true })
  householdId!: string | null;

  @Column('bigint', { nullable: true })
  amountFen!: string | null;

  @Column('char', { length: 7, nullable: true })
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  periodFrom!: string | null;

  @Column('char', { length: 7, nullable: true })
  periodTo!: string | null;

  @Column('date')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  decidedOn!: string;

  @Column('varchar', { nullable: true })
  fundSource!: string | null;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  state!: string;

  @Column('varchar')
  reportedBy!: string;

  @Column('timestamptz')
  reportedAt!: Date;

  @Column('varchar', { nullable: true })
  regionCode!: string | null;

  @Column('varchar', { nullable: true })
  townshipCode!: string | null;

  @Column('varchar', { nullable: true })
  countyCode!: string | null;

  @Column('varchar', { nullable: true })
  prefectureCode!: string | null;

  @Column('varchar', { nullable: true })
  provinceCode!: string | null;

  @Column('varchar')
  sourceSystem!: string;

  @Column('timestamptz')
  asOf!: Date;

  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  get amount(): string | null {
    return this.amountFen === null ? null : formatYuan(BigInt(this.amountFen));
  }
}
