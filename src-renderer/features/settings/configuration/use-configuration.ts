import { useEffect, useState } from 'react';
import type { ConfigurationScope } from '#shared/domain/configuration.ts';
import type { Json } from '#shared/domain/measurement.ts';
import type { Response } from '#shared/ipc/contract.ts';
import { useApp, useCommand, useView } from '../../../store/context.tsx';
import { useAnswer, type Loaded } from '../../camera/use-engine-data.ts';

/** ms without a key before a text is checked. */
const PAUSE = 150;

export type Opened = Response<'configuration.open'>;
export type Checked = Response<'configuration.check'>;

export interface EditedConfiguration {
  opened: Loaded<Opened>;
  text: string;
  edited: boolean;
  reason: string;
  /** The newest answer about the text; null before the first. */
  checked: Checked | null;
  /** True while the answer is about an older text. */
  checking: boolean;
  setText: (text: string) => void;
  setReason: (reason: string) => void;
  /** Sets a value at a place of the text; null takes it out. */
  setValue: (path: readonly (string | number)[], value: Json) => void;
  discard: () => void;
  save: () => void;
}

/** A part of the configuration with what is edited of it, which survives looking at other screens. */
export function useConfiguration(scope: ConfigurationScope, revision: number, saved: () => void): EditedConfiguration {
  const { bridge, view } = useApp();
  const command = useCommand();
  const opened = useAnswer('configuration.open', { scope, version: null }, String(revision));
  const draft = useView((state) => state.drafts.configuration[scope]);
  const observer = useView((state) => state.observer);
  const before = opened.state === 'ready' ? opened.value : null;
  const text = draft?.text ?? before?.text ?? '';
  const [answer, setAnswer] = useState<{ scope: string; text: string; checked: Checked } | null>(null);

  useEffect(() => {
    if (before === null) return;
    let current = true;
    const timer = setTimeout(() => {
      void bridge.call('configuration.check', { scope, text }).then((result) => {
        if (current && result.ok) setAnswer({ scope, text, checked: result.value });
      });
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [bridge, scope, text, before]);

  const change = (next: { text?: string; reason?: string } | null): void => {
    view.setState(({ drafts }) => {
      const { [scope]: old, ...others } = drafts.configuration;
      if (next === null || before === null) return { drafts: { ...drafts, configuration: others } };
      const fresh = { basedOn: before.newest, text, reason: '', ...old, ...next };
      const untouched = fresh.text === before.text;
      return { drafts: { ...drafts, configuration: untouched ? others : { ...others, [scope]: fresh } } };
    });
  };

  return {
    opened,
    text,
    edited: draft !== undefined,
    reason: draft?.reason ?? '',
    checked: answer?.scope === scope ? answer.checked : null,
    checking: answer?.scope !== scope || answer.text !== text,
    setText: (next) => {
      change({ text: next });
    },
    setReason: (reason) => {
      change({ reason });
    },
    setValue: (path, value) => {
      void bridge.call('configuration.set-value', { scope, text, path: [...path], value }).then((result) => {
        if (result.ok) change({ text: result.value.text });
        else view.setState({ notice: result.error.message });
      });
    },
    discard: () => {
      change(null);
    },
    save: () => {
      if (!draft) return;
      const { basedOn, reason } = draft;
      void command((b) =>
        b.call('configuration.save-scope', { scope, text, reason, basedOn, author: observer.trim() }),
      ).then((done) => {
        if (!done) return;
        change(null);
        saved();
      });
    },
  };
}
