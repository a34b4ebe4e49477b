import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { connectionOf, DateTimeScalar, isOneOf, Rows, Rule } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';

const OWN = { group: 'revocation', owner: 'CIVIL_AFFAIRS', sensitivity: 'INTERNAL' } as const;

/**
 * A token, or all tokens of a client from before an instant, that hold no longer although they have not expired
 * (政务数据共享条例 art. 27: rights end when their ground does). It names systems and never a person.
 */
@Entity()
@Unique(['tokenId', 'department'])
@Unique(['client', 'department', 'issuedBefore'])
@Check('ck_revocation__department', isOneOf('department', DepartmentCode))
@Check('ck_revocation__what', 'num_nonnulls(token_id, client) = 1 and (client is null) = (issued_before is null)')
@Check('ck_revocation__reason', 'char_length(reason) between 2 and 500')
@Check('ck_revocation__until', 'until > revoked_at')
@Index(['department', 'revokedAt', 'id'])
@Index(['revokedAt', 'id'])
@ObjectType({ description: '令牌撤销 · A token, or the tokens of a client, that hold no longer' })
@Rows({ department: 'department' })
export class Revocation {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '撤销主键 · Identifier of the revocation' })
  @Rule(OWN)
  id!: string;

  @Column('varchar')
  @Field(() => DepartmentCode, {
    nullable: true,
    description: '撤销部门 · Department that revoked: tokens of its own, and civil affairs those of any',
  })
  @Rule(OWN)
  department!: DepartmentCode;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '令牌编号 · Identifier of the token (its claim jti)' })
  @Rule(OWN)
  tokenId!: string | null;

  @Column('varchar', { nullable: true })
  @Field(() => String, { nullable: true, description: '调用方 · Client all of whose earlier tokens are void' })
  @Rule(OWN)
  client!: string | null;

  @Column('timestamptz', { nullable: true })
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: '签发时限 · Tokens of the client that were issued earlier are void',
  })
  @Rule(OWN)
  issuedBefore!: Date | null;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '撤销原因 · Why' })
  @Rule(OWN)
  reason!: string;

  @Column('varchar')
  @Field(() => String, { nullable: true, description: '撤销人 · Client of the steward, or "operator"' })
  @Rule(OWN)
  revokedBy!: string;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, { nullable: true, description: '撤销时间 · When' })
  @Rule(OWN)
  revokedAt!: Date;

  @Column('timestamptz')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: '保留至 · Until when it is kept: by then every token that it is about has expired',
  })
  @Rule(OWN)
  until!: Date;
}

/** A page of revocations. */
export const RevocationConnection = connectionOf(() => Revocation, 'Revocation', '令牌撤销');
