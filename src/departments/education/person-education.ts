import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule } from '../../graph/index.ts';
import { Person } from '../../registry/index.ts';
import { EducationVoucher } from './education-voucher.ts';
import { FeeDeferral } from './fee-deferral.ts';
import { OWNER, StudentRecord } from './student-record.ts';

/** What education knows of a person. */
@Resolver(() => Person)
export class PersonEducation {
  @FieldResolver(() => [StudentRecord], {
    nullable: true,
    description: '学籍记录 · Terms at school, latest first',
  })
  @Rule({ group: 'education-record', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({ of: StudentRecord, on: { personId: 'id' }, order: ['-term'], first: args.first }))
  studentRecords(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [EducationVoucher], { nullable: true, description: '教育券 · Vouchers, latest term first' })
  @Rule({ group: 'education-fees', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({ of: EducationVoucher, on: { personId: 'id' }, order: ['-term'], first: args.first }))
  educationVouchers(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [FeeDeferral], {
    nullable: true,
    description: '学费缓缴（含绿色通道） · Fees put off, latest term first',
  })
  @Rule({ group: 'education-fees', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({ of: FeeDeferral, on: { personId: 'id' }, order: ['-term'], first: args.first }))
  feeDeferrals(@Args() _args: ListArgs): never {
    return compiled();
  }
}
