/**
 * The tables as the usual stack has them: one class for TypeORM and GraphQL, `@Authorized` on every field. Only the
 * columns that the operations need, which is kinder than usual.
 */
import { Authorized, Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { formatYuan } from '../../../src/platform/money.ts';

const text = (): StringConstructor => String;

@ObjectType()
@Entity()
export class Person {
  @PrimaryColumn('uuid')
  @Field(() => ID)
  @Authorized('SYSTEM')
  id!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  name!: string;

  @Column('varchar')
  nameKey!: string;

  @Column('date', { nullable: true })
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  birthDate!: string | null;

  @Column('varchar')
  regionCode!: string;

  @Column('varchar', { nullable: true })
  townshipCode!: string | null;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  countyCode!: string;

  @Column('varchar')
  prefectureCode!: string;

  @Column('varchar')
  provinceCode!: string;
}

@Entity()
export class PersonIdentifier {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  personId!: string;

  @Column('varchar')
  type!: string;

  @Column('varchar')
  matchKey!: string;

  @Column('boolean')
  verified!: boolean;

  @Column('uuid', { nullable: true })
  supersededById!: string | null;
}

@ObjectType()
@Entity()
export class Household {
  @PrimaryColumn('uuid')
  @Field(() => ID)
  @Authorized('SYSTEM')
  id!: string;

  @Column('int')
  @Field(() => Int, { nullable: true })
  @Authorized('SYSTEM')
  memberCount!: number;
}

@ObjectType()
@Entity()
export class Membership {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  householdId!: string;

  @Column('uuid')
  personId!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  relation!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  role!: string;

  @Column('date')
  validFrom!: string;

  @Column('date', { nullable: true })
  validTo!: string | null;
}

@ObjectType()
@Entity()
export class Enrolment {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  status!: string;

  @Column('bigint')
  amountFen!: string;

  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  get amount(): string {
    return formatYuan(BigInt(this.amountFen));
  }
}

@ObjectType()
@Entity()
export class EnrolmentEvent {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  enrolmentId!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  kind!: string;

  @Column('date')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  effectiveOn!: string;
}

@ObjectType()
@Entity()
export class Recipient {
  @PrimaryColumn('uuid')
  @Field(() => ID)
  @Authorized('SYSTEM')
  id!: string;

  @Column('uuid')
  enrolmentId!: string;

  @Column('uuid')
  personId!: string;

  @Column('uuid')
  householdId!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  programme!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  urbanRural!: string;

  @Column('varchar', { nullable: true })
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  category!: string | null;

  @Column('date')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  validFrom!: string;

  @Column('date', { nullable: true })
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  validTo!: string | null;

  @Column('varchar')
  countyCode!: string;

  @Column('varchar')
  prefectureCode!: string;

  @Column('varchar')
  provinceCode!: string;
}

@ObjectType()
@Entity()
export class Feed {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar')
  record!: string;

  @Column('varchar')
  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  sourceSystem!: string;

  @Column('timestamptz', { name: 'as_of' })
  deliveredAt!: Date;

  @Column('int')
  rhythmHours!: number;

  @Field(text, { nullable: true })
  @Authorized('SYSTEM')
  get asOf(): string {
    return this.deliveredAt.toISOString();
  }

  @Field(() => Boolean, { nullable: true })
  @Authorized('SYSTEM')
  get stale(): boolean {
    return this.deliveredAt.getTime() + this.rhythmHours * 3_600_000 < Date.now();
  }
}
