import { DilapidatedHouse } from './dilapidated-house.ts';
import { HouseholdHousing, PersonHousing } from './housing-relations.ts';
import { HousingRecord } from './housing-record.ts';
import { PublicRental } from './public-rental.ts';
import { RentSubsidy } from './rent-subsidy.ts';

/** 住房保障 · Housing: how people live, flats and subsidies for tenants, houses in danger. */
export const housing = {
  entities: [HousingRecord, PublicRental, RentSubsidy, DilapidatedHouse],
  resolvers: [PersonHousing, HouseholdHousing],
  records: [],
} as const;
