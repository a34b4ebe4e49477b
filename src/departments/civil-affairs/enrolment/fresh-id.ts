/**
 * A UUID of version 7, made in the statement: how many households a chunk makes is known only to the statement that makes
 * them. 48 bits of the instant, the version, and 74 random bits of a UUID of version 4 with its variant.
 */
export const FRESH_ID = `(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' ||
  substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid`;
