import { readRegionChanges, readRegions } from '../reference/regions.ts';
import type { Random } from './random.ts';
import { cells } from './sheets.ts';

/** Where somebody lives. */
export interface Place {
  /** The five place columns, ready for a row. */
  readonly columns: string;
  readonly provinceCode: string;
  readonly prefectureCode: string;
  readonly countyCode: string;
  /** 'XX省XX市XX县XX镇', the beginning of an address. */
  readonly named: string;
  /** What schools are called after, from the township up to the province. */
  readonly townshipName: string;
  readonly countyName: string;
  readonly provinceName: string;
  /** The same place under the county code of former times, where there is one: what an old record carries. */
  readonly stale: Place | undefined;
}

const VILLAGES = [
  '新丰',
  '红旗',
  '东风',
  '上湾',
  '下庄',
  '双泉',
  '石桥',
  '李家',
  '王家',
  '马家',
  '前进',
  '柳林',
  '沙坪',
];
const ROADS = ['人民', '建设', '解放', '中山', '和平', '文化', '滨河', '胜利', '新华', '东大'];

/** All townships of the reference data as places, in the order of their codes. */
export async function readPlaces(): Promise<Place[]> {
  const regions = await readRegions();
  const byCode = new Map(regions.map((region) => [region.code, region]));
  const former = new Map<string, string>();
  for (const change of await readRegionChanges()) {
    if (change.kind === 'RECODE' || change.kind === 'MERGE') former.set(change.toCode, change.fromCode);
  }
  return (
    regions
      // From 400 on the three digits of the township stand for zones, farms and companies, where few people live.
      .filter((region) => region.level === 'TOWNSHIP' && region.code.slice(6, 9) < '400')
      .map((township) => {
        const county = byCode.get(township.parentCode ?? '');
        const prefecture = byCode.get(county?.parentCode ?? '');
        const province = byCode.get(prefecture?.parentCode ?? '');
        if (county === undefined || prefecture === undefined || province === undefined) {
          throw new Error(`${township.code} has no county, prefecture or province in regions.csv.`);
        }
        const place = {
          columns: cells(township.code, township.code, county.code, prefecture.code, province.code),
          provinceCode: province.code,
          prefectureCode: prefecture.code,
          countyCode: county.code,
          named: province.name + prefecture.name + county.name + township.name,
          townshipName: county.name + township.name,
          countyName: prefecture.name + county.name,
          provinceName: province.name,
          stale: undefined,
        };
        const old = former.get(county.code);
        if (old === undefined) return place;
        return {
          ...place,
          stale: { ...place, columns: cells(old, null, county.code, prefecture.code, province.code) },
        };
      })
  );
}

/** The same place when only its county is known. */
export function countyOnly(place: Place): Place {
  const { countyCode: county, prefectureCode, provinceCode } = place;
  return { ...place, columns: cells(county, null, county, prefectureCode, provinceCode) };
}

/** An address that does not exist, in a township that does. */
export function addressIn(place: Place, urban: boolean, random: Random): string {
  if (urban) {
    return `${place.named}${random.pick(ROADS)}路${random.whole(1, 299)}号${random.whole(1, 6)}单元${random.whole(101, 1802)}室`;
  }
  return `${place.named}${random.pick(VILLAGES)}村${random.whole(1, 12)}组${random.whole(1, 160)}号`;
}
