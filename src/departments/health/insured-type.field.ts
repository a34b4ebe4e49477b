import { field } from '../../intake/index.ts';
import { InsuredType } from './insured-record.ts';

/** 参保类型, as each file of medical security has it. */
export const insuredType = field.oneOf('insuredType', InsuredType, {
  title: '参保类型 · Insurance scheme',
  required: true,
  column: 'insured_type',
  aliases: { 职工: 'EMPLOYEE', 职工医保: 'EMPLOYEE', 居民: 'RESIDENT', 居民医保: 'RESIDENT', 城乡居民: 'RESIDENT' },
});
