import { Household, Person, recordLists } from '../../registry/index.ts';
import type { RecordList } from '../../registry/index.ts';
import { DilapidatedHouse } from './dilapidated-house.ts';
import { HousingRecord } from './housing-record.ts';
import { PublicRental } from './public-rental.ts';
import { RentSubsidy } from './rent-subsidy.ts';

const rule = { group: 'housing', owner: 'HOUSING', sensitivity: 'PERSONAL' } as const;

/** The same records stand under the person and under the household that lives there. */
const listsOf = (whose: 'person' | 'household'): Readonly<Record<string, RecordList>> => ({
  housingRecords: { of: HousingRecord, rule, description: `住房记录 · How the ${whose} is housed` },
  publicRentals: {
    of: PublicRental,
    rule,
    description: `公租房配租 · Flats of public rental housing let to the ${whose}, latest first`,
    order: '-validFrom',
  },
  rentSubsidies: {
    of: RentSubsidy,
    rule,
    description: `住房租赁补贴 · Rent subsidies of the ${whose}, latest first`,
    order: '-monthFrom',
  },
  dilapidatedHouses: {
    of: DilapidatedHouse,
    rule,
    description: `农村危房 · Houses in danger of the ${whose}, latest survey first`,
    order: '-surveyedOn',
  },
});

/** What housing knows of a person. */
export const PersonHousing = recordLists(Person, 'personId', listsOf('person'));

/** What housing knows of a household. */
export const HouseholdHousing = recordLists(Household, 'householdId', listsOf('household'));
