/** What housing delivers in a month. */
import { TENANT, every } from './kind.ts';
import type { MonthKind } from './kind.ts';
import { BLOCK } from './people.ts';

/** 住房记录. */
export const HOUSING: MonthKind = {
  record: 'HOUSING',
  department: 'HOUSING',
  table: 'housing_record',
  key: 'FW',
  headers: {
    sourceKey: ['住房编号', '房屋编号'],
    ...TENANT,
    tenure: ['住房来源', '房屋性质'],
    areaM2: ['建筑面积', '建筑面积(㎡)'],
    dangerGrade: ['房屋安全等级', '危房等级'],
    address: ['房屋坐落', '详细地址'],
  },
  has: every(10, 6, 8, 9),
  cells: ({ index }, version) => ({
    tenure: '自建房',
    areaM2: version === 1 ? '90.5' : '０85.50',
    dangerGrade: index % 2 === 0 ? 'B级' : 'A',
    address: `东街${String(index % 300)}号，"西"院`,
  }),
  spoils: [
    { cells: { tenure: '无房' }, codes: ['BAD_COMBINATION', 'BAD_COMBINATION'] },
    { cells: { areaM2: '八十' }, codes: ['BAD_NUMBER'] },
  ],
};

/** 公租房配租. */
export const PUBLIC_RENTAL: MonthKind = {
  record: 'PUBLIC_RENTAL',
  department: 'HOUSING',
  table: 'public_rental',
  key: 'GZ',
  headers: {
    sourceKey: ['合同编号', '配租编号'],
    ...TENANT,
    unitCode: ['房源编号', '公租房编号'],
    areaM2: ['建筑面积', '配租面积'],
    rent: ['月租金', '租金标准'],
    relief: ['月租金核减', '租金减免'],
    validFrom: ['配租起始日期', '合同开始日期'],
  },
  has: every(BLOCK, 7),
  cells: ({ index }) => ({
    unitCode: `U-${String(index)}`,
    areaM2: '48',
    rent: '300',
    relief: '100.00',
    validFrom: '2025/1/1',
  }),
  spoils: [{ cells: { relief: '400' }, codes: ['BAD_COMBINATION'] }],
};

/** Who has a flat and asks for the money as well. */
export const wantsBoth = every(200, 7, 107);

/** 住房租赁补贴, which some have who have a flat. */
export const RENT_SUBSIDY: MonthKind = {
  record: 'RENT_SUBSIDY',
  department: 'HOUSING',
  table: 'rent_subsidy',
  key: 'BT',
  headers: {
    sourceKey: ['补贴编号', '发放编号'],
    ...TENANT,
    amount: ['月补贴金额', '补贴标准'],
    monthFrom: ['补贴起始月份', '起始月份'],
    monthTo: ['补贴终止月份', '终止月份'],
  },
  has: (index) => index % BLOCK === 8 || wantsBoth(index),
  cells: () => ({ amount: '300', monthFrom: '2026-01', monthTo: '2026年12月' }),
  spoils: [{ cells: { monthTo: '2025-12' }, codes: ['BAD_ORDER'] }],
};
