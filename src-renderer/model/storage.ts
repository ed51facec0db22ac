import type { StorageKind, StorageWork } from '#shared/domain/storage.ts';

/** Kinds as a person knows them, and what deleting them costs. */
export const KIND_WORDS: Readonly<Record<StorageKind, { title: string; cost: string }>> = {
  raw: { title: 'Raw copies', cost: 'fetched again from the source when needed; kept where it has none' },
  split: { title: 'Split camera files', cost: 'made again from the raw file' },
  preproc: { title: 'Preprocessed images', cost: 'made again by processing' },
  spectra: { title: 'Spectra', cost: 'made again by processing' },
  products: { title: 'Other products', cost: 'frames, sky, PSF; made again by processing' },
  qa: { title: 'QA files', cost: 'their values stay in the database' },
  logs: { title: 'Logs', cost: 'of cameras and of the engine; gone for good' },
  emulated: { title: 'Emulated exposures', cost: 'of the test environment; gone for good' },
  spool: { title: 'Spool', cost: 'documents on their way that nobody fetched' },
};

const WORDS: Readonly<Record<StorageWork['kind'], string>> = {
  preview: 'Look at what would go',
  cleaning: 'Cleaning',
  backup: 'Copy of the database',
  restore: 'Restoring of the database',
  export: 'Export of a night',
  import: 'Import of a night',
};

/** 'Cleaning: 43 %', 'Cleaning failed'. */
export function workWords({ kind, state, share }: StorageWork): string {
  if (state !== 'running') return `${WORDS[kind]} ${state}`;
  return share === null ? WORDS[kind] : `${WORDS[kind]}: ${String(Math.floor(share * 100))} %`;
}

/** Days as they are typed: empty for ever. Undefined where it is no number of days. */
export function daysOf(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const days = Number(text);
  return Number.isInteger(days) && days >= 1 && days <= 36_500 ? days : undefined;
}
