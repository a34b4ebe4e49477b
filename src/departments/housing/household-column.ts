/**
 * The household in which a row's person lives, as an expression over `intake_row i`: the one that they benefit with before
 * one in which they are only counted, the latest first. Departments deliver persons; households are civil affairs'.
 */
export const HOUSEHOLD = `(select member.household_id from membership member
  where member.person_id = i.person_id and member.valid_to is null
  order by member.role = 'COUNTED_NOT_BENEFICIARY', member.valid_from desc, member.id limit 1)`;
