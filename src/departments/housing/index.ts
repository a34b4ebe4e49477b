import { HousingRecord } from './housing-record.ts';
import { PersonHousing } from './person-housing.ts';

/** 住房保障 · Housing: where and how people live. */
export const housing = { entities: [HousingRecord], resolvers: [PersonHousing] } as const;
