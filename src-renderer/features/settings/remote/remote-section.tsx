import { useEffect, useState } from 'react';
import type { RemoteSettings, RemoteState } from '#shared/domain/remote.ts';
import type { Result } from '#shared/ipc/result.ts';
import { utcDate, utcTime } from '../../../model/format.ts';
import { useApp, useNow } from '../../../store/context.tsx';
import { Segmented } from '../../../ui/controls.tsx';
import { NumberField, TextField } from '../../../ui/fields.tsx';
import { Panel, StateNote } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import { ActsPanel } from './acts-panel.tsx';
import { TokensPanel } from './tokens-panel.tsx';
import './remote-section.css';

/** ms between looks at who is there. */
const LOOK_MS = 2000;
const NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
/** This computer alone, or every network that it is in. */
const HERE = '127.0.0.1';
const EVERYWHERE = '0.0.0.0';

/** Where it is, or why it is not. */
function Standing({ state }: { state: RemoteState }) {
  if (!state.settings.enabled)
    return <p className="explain">Off: nobody can look on from elsewhere, and no port is open for them.</p>;
  if (state.error !== '')
    return (
      <p className="explain" role="alert">
        <StatusGlyph status="failed" size={13} named /> {state.error}
      </p>
    );
  return (
    <dl className="facts">
      <dt>Open it at</dt>
      <dd>
        <ul className="remote-urls">
          {state.urls.map((url) => (
            <li key={url}>
              <code>{url}</code>
            </li>
          ))}
        </ul>
      </dd>
      <dt>Certificate</dt>
      <dd>
        {state.selfSigned
          ? 'made by QLF: browsers warn once; compare the fingerprint before you go on.'
          : 'the observatory\u2019s own.'}{' '}
        <code className="fingerprint">{state.fingerprint}</code>
      </dd>
    </dl>
  );
}

function CertificateFields({
  settings,
  save,
}: {
  settings: RemoteSettings;
  save: (patch: Partial<RemoteSettings>) => void;
}) {
  const { certificate } = settings;
  const [cert, setCert] = useState(certificate?.certificate ?? '');
  const [key, setKey] = useState(certificate?.key ?? '');
  const take = (nextCert: string, nextKey: string): void => {
    setCert(nextCert);
    setKey(nextKey);
    if (nextCert !== '' && nextKey !== '') save({ certificate: { certificate: nextCert, key: nextKey } });
    else if (nextCert === '' && nextKey === '' && certificate) save({ certificate: null });
  };
  return (
    <>
      <TextField
        label="Certificate"
        value={cert}
        hint="PEM file with its chain; empty: QLF makes one"
        onChange={(next) => {
          take(next, key);
        }}
      />
      <TextField
        label="Its key"
        value={key}
        hint="PEM file, without passphrase"
        onChange={(next) => {
          take(cert, next);
        }}
      />
    </>
  );
}

function SettingsPanel({ state, save }: { state: RemoteState; save: (patch: Partial<RemoteSettings>) => void }) {
  const { settings } = state;
  const [wrong, setWrong] = useState('');
  return (
    <Panel title="Remote view" note="the same interface in browsers of the observatory, over TLS">
      <div className="fields one">
        <div className="field">
          <span>Remote view</span>
          <Segmented
            label="Remote view"
            value={settings.enabled ? 'on' : 'off'}
            options={[
              { value: 'off', text: 'Off' },
              { value: 'on', text: 'On' },
            ]}
            onChange={(next) => {
              save({ enabled: next === 'on' });
            }}
          />
        </div>
        <div className="field">
          <span>Without a token</span>
          <Segmented
            label="Without a token"
            value={settings.open ? 'look' : 'nothing'}
            options={[
              { value: 'look', text: 'anybody may look' },
              { value: 'nothing', text: 'nobody may' },
            ]}
            onChange={(next) => {
              save({ open: next === 'look' });
            }}
          />
        </div>
        <div className="field">
          <span>Reachable from</span>
          <Segmented
            label="Reachable from"
            value={settings.host === HERE ? 'here' : 'everywhere'}
            options={[
              {
                value: 'everywhere',
                text: settings.host === HERE ? 'its networks' : `its networks (${settings.host})`,
              },
              { value: 'here', text: 'this computer alone' },
            ]}
            onChange={(next) => {
              save({ host: next === 'here' ? HERE : EVERYWHERE });
            }}
          />
        </div>
        <NumberField
          key={`port ${String(settings.port)}`}
          label="Port"
          value={settings.port}
          min={1}
          max={65_535}
          unit="TCP"
          onChange={(port) => {
            save({ port });
          }}
        />
        <TextField
          key={`names ${settings.names.join(' ')}`}
          label="Other names"
          value={settings.names.join(' ')}
          hint="under which browsers know this computer, such as qlf.kpno.example"
          onChange={(text) => {
            const names = text.split(/[\s,]+/).filter(Boolean);
            const bad = names.find((name) => !NAME.test(name));
            setWrong(bad === undefined ? '' : `${bad} is no name of a computer.`);
            if (bad === undefined) save({ names });
          }}
        />
        {wrong !== '' && (
          <p className="explain problem" role="alert">
            {wrong}
          </p>
        )}
        <CertificateFields key={settings.certificate?.certificate ?? ''} settings={settings} save={save} />
      </div>
      <Standing state={state} />
    </Panel>
  );
}

/** Who may look on from elsewhere, who does, and who did what. */
export function RemoteSection() {
  const { bridge, view } = useApp();
  const now = useNow(10_000);
  const [loaded, setLoaded] = useState<Result<RemoteState> | null>(null);
  const take = (answer: Result<RemoteState>): void => {
    if (answer.ok) setLoaded(answer);
    else view.setState({ notice: answer.error.message });
  };
  useEffect(() => {
    let current = true;
    const look = (): void => {
      void bridge.call('remote.get', {}).then((answer) => {
        if (current) setLoaded(answer);
      });
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [bridge]);
  if (loaded === null) return <div aria-busy="true" />;
  if (!loaded.ok)
    return (
      <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The remote view cannot be read">
        {loaded.error.message}
      </StateNote>
    );
  const state = loaded.value;
  const save = (patch: Partial<RemoteSettings>): void => {
    void bridge.call('remote.set', { settings: { ...state.settings, ...patch } }).then(take);
  };
  const renew = (): void => void bridge.call('remote.get', {}).then(take);
  return (
    <>
      <SettingsPanel state={state} save={save} />
      <TokensPanel tokens={state.tokens} now={now} changed={renew} />
      <Panel title="Looking on now" note={String(state.clients.length)}>
        <ul className="user-list scrolling remote-clients" aria-label="Looking on now">
          {state.clients.map(({ name, role, address, since }, i) => (
            <li key={`${address} ${String(since)} ${String(i)}`}>
              <b>{name === '' ? 'without a token' : name}</b>
              <span>
                {role}, {address}
              </span>
              <span>
                since {utcDate(since, now)} {utcTime(since)}
              </span>
            </li>
          ))}
          {state.clients.length === 0 && <li>Nobody.</li>}
        </ul>
      </Panel>
      <ActsPanel />
    </>
  );
}
