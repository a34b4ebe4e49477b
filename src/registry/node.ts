/** What several nouns have in common, as interfaces. A noun says that it is one of them; nothing else lists them. */
import { Field, ID, InterfaceType } from 'type-graphql';
import { DateTimeScalar } from '../graph/index.ts';

/** Whatever has an id: ids are UUIDv7 and unique across all tables, so an id alone finds its row. */
@InterfaceType({ description: '有主键的对象 · Anything that can be fetched again by its id' })
export abstract class Node {
  @Field(() => ID, { description: '主键 · Identifier in this hub' })
  id!: string;
}

/**
 * Its fields are inherited: type-graphql lets an interface's own fields override those that a noun has from its base
 * class (`recordedBy`), and with them their rules.
 */
@InterfaceType({ description: '有来源的记录 · Anything that a source system delivered' })
abstract class Delivered {
  @Field(() => String, { nullable: true, description: '来源系统 · System that delivered the record' })
  sourceSystem!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: '数据时点 · When the record was true in its source' })
  asOf!: Date;
}

/** What a department recorded about a person: has the properties `personId` and `asOf`, by which it is listed. */
@InterfaceType({
  implements: Node,
  description: '部门记录 · What a department recorded about a person',
})
export abstract class DepartmentRecord extends Delivered {
  @Field(() => ID, { description: '记录主键 · Identifier of the record' })
  id!: string;
}
