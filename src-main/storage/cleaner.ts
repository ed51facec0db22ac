import { mkdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expid8 } from '#shared/domain/exposure.ts';
import type { Cleaned, CleaningPlan, StorageSettings } from '#shared/domain/storage.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { StorageStore } from '../domain/ports/storage-store.ts';
import { isOwn, type Stored } from './inventory.ts';
import { makePlan, reasonToKeep, summary, type Plan, type PlanParts } from './plan.ts';

export interface CleanerParts extends PlanParts {
  store: Pick<StorageStore, 'keepingFacts' | 'addCleaned'>;
  events: Pick<EventSink, 'log'>;
  settings: () => StorageSettings;
  /** Whether the exposure's raw file could be fetched again now. */
  canFetchAgain: (expid: number) => Promise<boolean>;
}

export interface CleanRequest extends Pick<Cleaned, 'why' | 'by'> {
  signal: AbortSignal;
  /** Where the disk is too full: asked before each deletion whether it still is; younger files may go, too. */
  stillFull?: () => Promise<boolean>;
  onProgress?: (share: number, text: string) => void;
}

export interface Cleaner {
  /** What `clean` would do by hand or by day. */
  preview(signal: AbortSignal): Promise<CleaningPlan>;
  /** @returns what was deleted, and what was old enough and stayed */
  clean(request: CleanRequest): Promise<CleaningPlan>;
  /** Deletes for good what an interrupted cleaning had put aside. */
  sweep(): Promise<void>;
}

/** Takes empty folders away, from the innermost to the kind's own. */
function removeEmpty(folder: string, root: string): void {
  for (let place = folder; dirname(place) !== root && place.length > root.length; place = dirname(place)) {
    try {
      rmdirSync(place);
    } catch {
      return;
    }
  }
}

/** Deletes by the settings what is old in QLF's own folder; every deletion is logged and kept in the database. */
export function createCleaner(parts: CleanerParts): Cleaner {
  const { root, store, events, now } = parts;
  const trash = join(root, 'trash');

  /**
   * Decides once more and puts the files aside, all in one turn of the engine: nobody begins to use the exposure between.
   * The note of it is durable before: where the files are gone it is known why.
   */
  const putAside = (item: Stored, newestEmulated: number, { why, by }: CleanRequest, into: string) => {
    const reason = reasonToKeep(item, parts, newestEmulated);
    if (reason !== null) return reason;
    const { expid, runId, kind, names, bytes, folder } = item;
    store.addCleaned({ at: now(), expid, runId, kind, files: names.length, bytes, why, by });
    names.forEach((name, i) => {
      const path = join(folder, name);
      try {
        renameSync(path, join(into, `${String(i)}-${name}`));
      } catch (error) {
        // Another file system is mounted below: deleted there.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') unlinkSync(path);
      }
    });
    if (kind !== 'logs') removeEmpty(folder, root);
    return null;
  };

  const tell = ({ expid, kind, bytes, names }: Stored, { why, by }: CleanRequest): void => {
    const what = expid === null ? (names[0] ?? '') : `exposure ${expid8(expid)}`;
    const who = by === '' ? why : `${why}, ${by}`;
    const text = `${what}: ${kind} cleaned away, ${String(names.length)} files, ${(bytes / 1e6).toFixed(1)} MB (${who})`;
    events.log('engine', 'info', text, expid === null ? {} : { expid });
  };

  return {
    async preview(signal) {
      return summary(await makePlan(parts, parts.settings(), false, signal));
    },
    async clean(request) {
      const { signal, stillFull, onProgress } = request;
      const plan = await makePlan(parts, parts.settings(), stillFull !== undefined, signal);
      const done: Plan = { items: [], kept: plan.kept };
      const total = plan.items.reduce((sum, { bytes }) => sum + bytes, 0);
      let freed = 0;
      let seen = 0;
      const into = join(trash, String(process.pid));
      for (const item of plan.items) {
        if (signal.aborted || (stillFull && !(await stillFull()))) break;
        onProgress?.(total === 0 ? 1 : seen / total, `${(freed / 1e9).toFixed(2)} GB freed`);
        seen += item.bytes;
        if (item.kind === 'raw' && item.expid !== null && !(await parts.canFetchAgain(item.expid))) {
          done.kept.push({ stored: item, reason: 'source does not have it' });
          continue;
        }
        if (!(await isOwn(root, item.folder))) continue;
        mkdirSync(into, { recursive: true });
        const reason = putAside(item, plan.newestEmulated, request, into);
        if (reason !== null) {
          done.kept.push({ stored: item, reason });
          continue;
        }
        await rm(into, { recursive: true, force: true });
        freed += item.bytes;
        done.items.push(item);
        tell(item, request);
      }
      return summary(done);
    },
    sweep: () => rm(trash, { recursive: true, force: true }),
  };
}
