import type { ConnectionName, ControlRoomState } from '#shared/state/control-room.ts';
import type { Health, HealthCheck } from '../domain/ports/observability.ts';

export interface HealthParts {
  snapshot: () => Pick<ControlRoomState, 'engine' | 'connections' | 'disk'>;
  /** Reads something. @throws where the database does not answer */
  probe: () => void;
  startedAt: number;
  now: () => number;
}

const iso = (at: number): string => new Date(at).toISOString();

/** Judges QLF by what it knows of itself; asks nobody, so that it answers at once. */
export function healthOf({ snapshot, probe, startedAt, now }: HealthParts): Health {
  const { engine, connections, disk } = snapshot();
  const check = (name: HealthCheck['name'], reason: string): HealthCheck => ({
    name,
    state: reason === '' ? 'ok' : 'failed',
    reason,
  });
  const lost = (name: ConnectionName): string => {
    const connection = connections.find((one) => one.name === name);
    if (connection?.state !== 'lost') return '';
    return `${connection.adapter}: no contact since ${iso(connection.since)}; the monitor shows the error`;
  };
  const used = disk && disk.totalBytes > 0 ? 1 - disk.freeBytes / disk.totalBytes : 0;
  let database = '';
  try {
    probe();
  } catch {
    database = 'the database does not answer; see the log';
  }
  const checks = [
    check('database', database),
    check('disk', disk && used >= disk.faultAt ? `${(100 * used).toFixed(0)} % of the data folder's disk is used` : ''),
    check('engine', engine.activity === 'off' ? `stopped since ${iso(engine.since)}` : ''),
    check('dos', lost('dos')),
    check('transfer', lost('transfer')),
  ];
  return {
    ready: checks.every(({ state }) => state === 'ok'),
    uptime: (now() - startedAt) / 1000,
    checks,
  };
}
