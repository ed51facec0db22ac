import type { ExposureState } from '#shared/domain/exposure.ts';

/** What is counted in the database for those who watch over QLF. */
export interface CountStore {
  /** States without an exposure are absent. */
  exposureCounts(): Partial<Record<ExposureState, number>>;
}

/** One thing that must be well for QLF to do its work. */
export interface HealthCheck {
  name: 'database' | 'disk' | 'engine' | 'dos' | 'transfer';
  state: 'ok' | 'failed';
  /** What is wrong, in words without names of hosts; empty where nothing is. */
  reason: string;
}

/** Whether a new exposure would be processed now, and if not, why. */
export interface Health {
  ready: boolean;
  /** s since this engine began */
  uptime: number;
  checks: HealthCheck[];
}

/** What the endpoint tells of QLF to those who watch over it, and hears of its own requests. */
export interface Observability {
  health(): Health;
  /** Prometheus's text format, version 0.0.4. */
  metrics(): Promise<string>;
  /** A request that was answered; `route` is one of a known few. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void;
}
