/** Fields that a department answers itself, and the questions that they put. */
import { Extensions } from 'type-graphql';
import type { GraphQLSchema } from 'graphql';
import { isObjectType } from 'graphql';
import { Code } from '../graph/index.ts';
import type { AnyQuestion, LiveQuestion } from './question.ts';

/**
 * A field of a person that the question's department answers: on a method that calls `askDepartment`. The statement hands it
 * the person's number, which reaches the department and not the caller.
 */
export const Live =
  <T extends object>(question: LiveQuestion<T>): MethodDecorator =>
  (target, key, descriptor) => {
    Code({ needs: ['idNumber'] })(target, key, descriptor as PropertyDescriptor);
    Extensions({ hubLive: question })(target, key, descriptor as PropertyDescriptor);
  };

/** Every question that a field of the schema puts, once. */
export function questionsOf(schema: GraphQLSchema): readonly AnyQuestion[] {
  const fields = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()));
  return [...new Set(fields.flatMap(({ extensions }) => (extensions['hubLive'] as AnyQuestion | undefined) ?? []))];
}
