import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, ManyToOne, PrimaryColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { DecimalScalar, Rows, Rule } from '../graph/index.ts';
import { Person } from '../registry/index.ts';
import { MatchReview } from './match-review.ts';

const REVIEW = { group: 'match-review', owner: 'CIVIL_AFFAIRS', sensitivity: 'SENSITIVE' } as const;

/** A person who may be meant by a delivered subject, with what spoke for and against when the review was opened. */
@Entity()
@Check('ck_match_candidate__place', 'place > 0')
@Unique(['reviewId', 'place'])
@ObjectType({ description: '候选人员 · A person who may be meant, with the evidence' })
@Rows({ person: 'personId', via: 'review' })
export class MatchCandidate {
  @PrimaryColumn('uuid')
  @Field(() => ID, { description: '候选主键 · Identifier of the candidate' })
  @Rule(REVIEW)
  id!: string;

  @Column('uuid')
  reviewId!: string;

  @ManyToOne(() => MatchReview, { nullable: false })
  review!: Relation<MatchReview>;

  @Index()
  @Column('uuid')
  personId!: string;

  @ManyToOne(() => Person, { nullable: false })
  @Field(() => Person, { nullable: true, description: '候选人员 · The person' })
  @Rule(REVIEW)
  person!: Relation<Person>;

  @Column('int')
  @Field(() => Int, { nullable: true, description: '排序 · Place, from 1 for the likeliest' })
  @Rule(REVIEW)
  place!: number;

  @Column('numeric', { precision: 5, scale: 1 })
  @Field(() => DecimalScalar, { nullable: true, description: '得分 · Sum of the weights; from 33 on it is certain' })
  @Rule(REVIEW)
  score!: string;

  @Column('text', { array: true })
  @Field(() => [String], {
    nullable: true,
    description: '比对依据 · One line for each compared item: how it agrees, and its weight',
  })
  @Rule(REVIEW)
  evidence!: string[];
}
