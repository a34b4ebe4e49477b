/** Content negotiation of GraphQL over HTTP: in which of its two media types an answer goes (RFC 9110, 12.5.1). */
import { LRUCache } from 'lru-cache';

/** Of the specification: its status tells what became of the request. */
export const GRAPHQL_JSON = 'application/graphql-response+json; charset=utf-8';

/** Of older clients, which trust a body only where the status is 200. */
export const PLAIN_JSON = 'application/json; charset=utf-8';

/** Media type of an answer. */
export type MediaType = typeof GRAPHQL_JSON | typeof PLAIN_JSON;

// In the hub's own order: whoever accepts anything, or says nothing, is an older client.
const OFFERED: readonly MediaType[] = [PLAIN_JSON, GRAPHQL_JSON];

const known = new LRUCache<string, MediaType | 'none'>({ max: 100 });

/** The media type that the header `Accept` prefers; undefined where it takes neither. */
export function mediaTypeFor(accept: string | undefined): MediaType | undefined {
  if (accept === undefined || accept === '') return PLAIN_JSON;
  const found = known.get(accept) ?? negotiate(accept) ?? 'none';
  known.set(accept, found);
  return found === 'none' ? undefined : found;
}

/** A part of `Accept`: what it covers, how much it is wanted (0 to 1), and where it stands. */
interface Range {
  readonly covers: string;
  readonly quality: number;
  readonly place: number;
}

function negotiate(accept: string): MediaType | undefined {
  const ranges = accept.toLowerCase().split(',').flatMap(toRange);
  const wanted = OFFERED.flatMap((media) => {
    // The narrowest range that covers a type decides about it.
    const covering = [media.slice(0, media.indexOf(';')), 'application/*', '*/*'];
    const range = covering.flatMap((covers) => ranges.find((candidate) => candidate.covers === covers) ?? [])[0];
    return range === undefined || range.quality === 0 ? [] : [{ media, range, width: covering.indexOf(range.covers) }];
  });
  wanted.sort((a, b) => b.range.quality - a.range.quality || a.width - b.width || a.range.place - b.range.place);
  return wanted[0]?.media;
}

/** None for a form that no answer has: another character set, another parameter. */
function toRange(text: string, place: number): Range[] {
  const [covers = '', ...parameters] = text.split(';').map((part) => part.trim());
  let quality = 1;
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.split('=').map((part) => part.trim());
    if (name === 'q') quality = Number(value);
    else if (name !== 'charset' || !/^"?utf-?8"?$/.test(value)) return [];
  }
  return quality >= 0 && quality <= 1 ? [{ covers, quality, place }] : [];
}
