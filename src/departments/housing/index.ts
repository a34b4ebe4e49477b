import { DilapidatedHouse } from './dilapidated-house.ts';
import { dilapidatedHouse } from './dilapidated-house.kind.ts';
import { HouseholdHousing, PersonHousing } from './housing-relations.ts';
import { HousingRecord } from './housing-record.ts';
import { housingRecord } from './housing-record.kind.ts';
import { PublicRental } from './public-rental.ts';
import { publicRental } from './public-rental.kind.ts';
import { RentSubsidy } from './rent-subsidy.ts';
import { rentSubsidy } from './rent-subsidy.kind.ts';

/** 住房保障 · Housing: how people live, flats and subsidies for tenants, houses in danger. */
export const housing = {
  entities: [HousingRecord, PublicRental, RentSubsidy, DilapidatedHouse],
  resolvers: [PersonHousing, HouseholdHousing],
  records: [housingRecord, publicRental, rentSubsidy, dilapidatedHouse],
} as const;
