/** The tables of the library and their rows. */
import type { Pool } from '../../src/platform/database.ts';
import type { Binding } from './library.ts';

/** A book as its row has it; `shelf` and `sequel` are ids. */
export interface BookRow {
  readonly id: string;
  readonly title: string;
  readonly pages: number | null;
  readonly binding: Binding;
  readonly bought: string;
  readonly tags: readonly string[];
  readonly shelf: string;
  readonly sequel?: string;
}

const id = (n: number): string => `019a0000-0000-7000-8000-00000000000${String(n)}`;

/** Ids of rows, and one that is nobody's. */
export const IDS = { history: id(1), empty: id(2), one: id(3), two: id(4), soft: id(5), film: id(6), nobody: id(9) };

/** Shelves, one of them empty. */
export const SHELVES = [
  { id: IDS.history, label: 'History "B" \\ 历史' },
  { id: IDS.empty, label: 'Empty' },
];
/** Books of one shelf. */
export const BOOKS: readonly BookRow[] = [
  {
    id: IDS.one,
    title: 'Annals',
    pages: 300,
    binding: 'HARD',
    bought: '2026-01-31',
    tags: ['old', 'é'],
    shelf: IDS.history,
    sequel: IDS.two,
  },
  { id: IDS.two, title: 'Chronicle', pages: null, binding: 'HARD', bought: '2026-02-28', tags: [], shelf: IDS.history },
  {
    id: IDS.soft,
    title: 'Diary',
    pages: 12,
    binding: 'SOFT',
    bought: '2026-02-28',
    tags: ['thin'],
    shelf: IDS.history,
  },
];
/** A film of that shelf. */
export const FILMS = [{ id: IDS.film, title: 'Battle', minutes: 90, shelf: IDS.history }];

/** Makes the tables and their rows. */
export async function fillLibrary(owner: Pool, reader: string): Promise<void> {
  await owner.query(`
    create table shelf (id uuid primary key, label varchar not null);
    create table book (id uuid primary key, title varchar not null, pages int, binding varchar not null, bought date not null,
      tags text[] not null, "shelfId" uuid not null, "sequelId" uuid);
    create table film (id uuid primary key, title varchar not null, minutes int not null, "shelfId" uuid not null);
    grant select on shelf, book, film to ${reader}`);
  for (const { id: key, label } of SHELVES) await owner.query('insert into shelf values ($1, $2)', [key, label]);
  for (const book of BOOKS)
    await owner.query('insert into book values ($1, $2, $3, $4, $5, $6, $7, $8)', [
      ...[book.id, book.title, book.pages, book.binding, book.bought, book.tags, book.shelf, book.sequel],
    ]);
  for (const film of FILMS)
    await owner.query('insert into film values ($1, $2, $3, $4)', [film.id, film.title, film.minutes, film.shelf]);
}
