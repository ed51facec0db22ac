import type { Handlers } from '#shared/ipc/contract.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { Store } from '../domain/ports/store.ts';
import type { ConfigurationEditor } from './configuration-editor.ts';

type Channels =
  | 'configuration.current'
  | 'configuration.save'
  | 'configuration.versions'
  | 'configuration.open'
  | 'configuration.check'
  | 'configuration.set-value'
  | 'configuration.save-scope';

/** The QL configuration and its versions. */
export function configurationHandlers(parts: {
  editor: ConfigurationEditor;
  store: Pick<Store, 'currentConfiguration' | 'listConfigurations' | 'addJournal'>;
  events: Pick<EventSink, 'log'>;
  now: () => number;
}): Pick<Handlers, Channels> {
  const { editor, store, events, now } = parts;
  const told = <T extends { id: number; author: string; reason: string }>(saved: T): T => {
    const text = `QL configuration ${String(saved.id)} saved by ${saved.author}: ${saved.reason}`;
    events.log('engine', 'info', text);
    store.addJournal({ at: now(), kind: 'configuration-saved', expid: null, camera: null, text });
    return saved;
  };
  return {
    'configuration.current': () => store.currentConfiguration(),
    'configuration.save': (whole) => told(editor.saveWhole(whole)),
    'configuration.versions': (page) => store.listConfigurations(page),
    'configuration.open': ({ scope, version }) => editor.open(scope, version),
    'configuration.check': ({ scope, text }) => editor.check(scope, text),
    'configuration.set-value': ({ scope, text, path, value }) => ({
      text: editor.setValue(scope, text, path, value),
    }),
    'configuration.save-scope': (saving) => told(editor.save(saving)),
  };
}
