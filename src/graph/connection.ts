/** Pages: one form for every list that is too long for one answer. */
import { Field, Int, ObjectType } from 'type-graphql';

type Node = abstract new (...args: never[]) => object;

/** Where a page begins and ends. */
@ObjectType({ description: '分页信息 · Where this page begins and ends' })
export class PageInfo {
  @Field({ description: '是否有下一页 · Whether there is another page' })
  hasNextPage!: boolean;

  @Field({ description: '是否有上一页 · Whether there is a page before' })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: '首项游标 · Cursor of the first item: send it as `before` to get the page before',
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: '末项游标 · Cursor of the last item: send it as `after` to get the next page',
  })
  endCursor!: string | null;
}

/** One item of a page with its cursor. */
export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

/** A page of a noun. */
export interface Connection<T> {
  readonly edges: readonly Edge<T>[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | null;
}

/**
 * The GraphQL types `<Name>Connection` and `<Name>Edge` of a noun. `chinese` names its items in the descriptions.
 * Counts are nullable: a policy may withhold them.
 */
export function connectionOf<T extends object>(
  node: () => abstract new (...args: never[]) => T,
  name: string,
  chinese: string,
): new () => Connection<T> {
  const type = node as () => Node;

  @ObjectType(`${name}Edge`, { description: `${chinese}列表项 · One item of a page with its cursor` })
  class EdgeOfNode {
    @Field({ description: '游标 · Where this item stands: valid for the same caller, arguments and order' })
    cursor!: string;

    @Field(() => type(), { description: `${chinese} · The item` })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { description: `${chinese}分页列表 · A page of a list` })
  class ConnectionOfNode {
    @Field(() => [EdgeOfNode], { description: '列表项 · The items with their cursors' })
    edges!: EdgeOfNode[];

    @Field(() => [type()], { description: `${chinese} · The items` })
    nodes!: T[];

    @Field(() => PageInfo, { description: '分页信息 · Where this page begins and ends' })
    pageInfo!: PageInfo;

    @Field(() => Int, {
      nullable: true,
      description:
        '总数 · How many there are in all pages. Not for callers whose counts are rounded (analysts): they ask for statistics',
    })
    totalCount!: number | null;
  }
  return ConnectionOfNode;
}
