import { expect, test } from '@jest/globals';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import type { GraphQLSchema } from 'graphql';
import 'reflect-metadata';
import { buildSchema } from 'type-graphql';
import type { FieldModel } from '../../src/graph/model.ts';
import { resolvers } from '../../src/server/resolvers.ts';

const schema = await buildSchema({ resolvers: [...resolvers], validate: false });

/** Schema coordinate → description, of everything that a client can name. */
function describe(of: GraphQLSchema): Map<string, string | null | undefined> {
  const found = new Map<string, string | null | undefined>();
  for (const type of Object.values(of.getTypeMap())) {
    if (type.name.startsWith('__') || (isScalarType(type) && isSpecifiedScalarType(type))) continue;
    const isRoot = type === of.getQueryType() || type === of.getMutationType();
    if (!isRoot) found.set(type.name, type.description);
    if (isEnumType(type))
      for (const { name, description } of type.getValues()) found.set(`${type.name}.${name}`, description);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) found.set(`${type.name}.${field.name}`, field.description);
    }
    if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        found.set(`${type.name}.${field.name}`, field.description);
        for (const { name, description } of field.args) found.set(`${type.name}.${field.name}(${name}:)`, description);
      }
    }
  }
  return found;
}

test('every type, field, argument and enum value says what it is, in Chinese and in English', () => {
  const silent = [...describe(schema)]
    .filter(([, text]) => !/\p{Script=Han}/u.test(text ?? '') || !/[A-Za-z]{2}/.test(text ?? ''))
    .map(([coordinate]) => coordinate);
  expect(silent).toEqual([]);
});

test('only identifiers and public facts are never null among the fields of a noun', () => {
  const bound = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => 'hubRows' in type.extensions)
    .flatMap((type) =>
      Object.values(type.getFields()).map((field) => ({ coordinate: `${type.name}.${field.name}`, field })),
    )
    .filter(({ field }) => String(field.type).endsWith('!'))
    .filter(({ field }) => (field.extensions as FieldModel).hubRule?.sensitivity !== 'PUBLIC')
    .map(({ coordinate }) => coordinate);
  expect(bound.filter((coordinate) => !/\.id$/.test(coordinate))).toEqual([]);
});

test('every field of a noun has its rule, and what keys and digests hold is no field', () => {
  const nouns = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => 'hubRows' in type.extensions);
  const fields = nouns.flatMap((type) =>
    Object.values(type.getFields()).map((field) => ({ coordinate: `${type.name}.${field.name}`, field })),
  );
  expect(fields.filter(({ field }) => field.extensions['hubRule'] === undefined).map((f) => f.coordinate)).toEqual([]);
  const names = new Set(fields.map(({ field }) => field.name));
  for (const secret of ['nameKey', 'matchKey', 'digest', 'identifiers', 'reportedBy'])
    expect(names).not.toContain(secret);
});

test('money is decimal text, dates are text, and no built-in scalar stands in for them', () => {
  const scalars = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => 'hubRows' in type.extensions)
    .flatMap((type) => Object.values(type.getFields()))
    .map((field) => ({ name: field.name, type: getNamedType(field.type).name }));
  const typeOf = (name: string) => [...new Set(scalars.filter((s) => s.name === name).map((s) => s.type))];
  expect(typeOf('amount')).toEqual(['Yuan']);
  expect(typeOf('validFrom')).toEqual(['Date']);
  expect(typeOf('asOf')).toEqual(['DateTime']);
  expect(scalars.filter(({ type }) => type === 'Float')).toEqual([]);
});
