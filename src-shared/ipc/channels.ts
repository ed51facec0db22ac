/** Channel names alone, without schemas: all that the preload bridge needs. */
export const CHANNELS = [
  'app.info',
  'control-room.snapshot',
  'engine.start',
  'engine.stop',
  'engine.reset',
  'engine.set-mode',
  'exposure.list',
  'exposure.process',
  'run.get',
  'run.cancel',
  'job.retry',
  'job.measurements',
  'job.log',
  'metric.history',
  'configuration.current',
  'configuration.save',
  'settings.get',
  'settings.set',
  'folders.get',
  'folders.set',
  'exposure.get',
  'exposure.neighbour',
  'fibers.map',
  'fibers.metric',
  'fibers.one',
  'fibers.history',
  'spectra.fiber',
  'spectra.median',
  'test-environment.get',
  'test-environment.set',
  'test-environment.expose-now',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** The one push channel; carries EventBatch. */
export const EVENTS_CHANNEL = 'events';
