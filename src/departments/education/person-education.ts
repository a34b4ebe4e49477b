import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../../graph/index.ts';
import { Person } from '../../registry/index.ts';
import { StudentRecord } from './student-record.ts';

/** What education knows of a person. */
@Resolver(() => Person)
export class PersonEducation {
  @FieldResolver(() => [StudentRecord], {
    nullable: true,
    description: '学籍记录 · Terms at school, latest first',
  })
  @Rule({ group: 'education-record', owner: 'EDUCATION', sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({ of: StudentRecord, on: { personId: 'id' }, order: ['-term'], first: args.first }))
  studentRecords(@Args() _args: ListArgs): never {
    return compiled();
  }
}
