import type { FastifyInstance } from 'fastify';
import { ApiErrorSchema, ConfigurationPut, ConfigurationSchema, RESOURCES } from '#shared/http/resources.ts';
import type { CameraConfigurator } from '../domain/ports/camera-configuration.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { IngestStore } from '../domain/ports/ingest-store.ts';
import type { Access } from './access.ts';
import { RequestError } from './api-error.ts';
import type { SchemaTypes } from './validation.ts';

/** The saved QL configuration: read it, or save a new version, which the next exposure takes. */
export function configurationRoutes(
  instance: FastifyInstance,
  parts: {
    store: IngestStore;
    access: Access;
    events: EventSink;
    configurator: Pick<CameraConfigurator, 'check'>;
    now: () => number;
  },
): void {
  const { store, events, configurator } = parts;
  const app = instance.withTypeProvider<SchemaTypes>();
  app.addHook('onRequest', (request, _reply, done) => {
    request.principal = parts.access.authenticate(request);
    done();
  });
  const response = { 200: ConfigurationSchema, default: ApiErrorSchema };
  const about = { tags: ['configuration'], security: [{ basic: [] }], response };

  app.get(RESOURCES.configuration, { schema: { ...about, summary: 'The current QL configuration' } }, () =>
    store.currentConfiguration(),
  );
  app.put(
    RESOURCES.configuration,
    { schema: { ...about, summary: 'Save a new version of the QL configuration', body: ConfigurationPut } },
    ({ body, principal }) => {
      if (principal?.kind !== 'user') {
        throw new RequestError('forbidden', 'the credential of a run may post its results only');
      }
      configurator.check(body.yaml);
      const saved = store.saveConfiguration({ ...body, createdAt: parts.now() });
      events.log('engine', 'info', `QL configuration ${saved.id} saved by ${saved.author}: ${saved.reason}`);
      return saved;
    },
  );
}
