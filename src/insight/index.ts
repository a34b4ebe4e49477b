/** What the shared graph tells about many at once: counts and sums of nobody in particular. */
export { AidStatistic, AidStatistics } from './aid-statistics.ts';
export { EnrolmentStatistic, EnrolmentStatistics } from './enrolment-statistics.ts';
export { RecipientStatistic, RecipientStatistics } from './recipient-statistics.ts';
