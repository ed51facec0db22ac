import type { Handlers } from '#shared/ipc/contract.ts';
import type { FIBERS_CONTRACT } from '#shared/ipc/fibers-contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { FiberStore } from '../domain/ports/fiber-store.ts';
import { SpectraService, type SpectraFolders } from './spectra-service.ts';

/** The fibers' and spectra's part of the IPC contract. */
export function fiberHandlers(parts: {
  store: FiberStore;
  folders: SpectraFolders;
}): Pick<Handlers, keyof typeof FIBERS_CONTRACT> {
  const { store } = parts;
  const service = new SpectraService(store, parts.folders);
  return {
    'exposure.get': ({ expid }) => {
      const exposure = store.exposure(expid);
      if (!exposure) throw new QlfError('not-found', `there is no exposure ${expid}`);
      return exposure;
    },
    'exposure.neighbour': ({ expid, by }) => store.neighbourWithRun(expid, by) ?? null,
    'fibers.map': ({ runId }) => service.fibermap(runId),
    'fibers.metric': ({ runId, metric }) => service.metric(runId, metric),
    'fibers.one': ({ runId, fiber }) => service.one(runId, fiber),
    'fibers.history': (query) => service.history(query),
    'spectra.fiber': ({ runId, fiber }) => service.spectrum(runId, fiber),
    'spectra.median': ({ runId, fiber, of }) => service.median(runId, fiber, of),
  };
}
