import { useEffect, useState } from 'react';
import { databaseSecret, keySecret, type OpsdbForm, type SecretState } from '#shared/domain/connection.ts';
import { sourceForm, textOfForm, type SourceForm } from '../../model/source-form.ts';
import { useApp } from '../../store/context.tsx';
import type { Candidate } from './use-trials.ts';

/** A configuration of an operations database while it is filled in. */
export interface OpsdbDraft {
  /** Where it is written. */
  file: string;
  form: OpsdbForm;
  mapped: boolean;
  edited: boolean;
}

export interface ConnectionDraft {
  form: SourceForm;
  setForm: (form: SourceForm) => void;
  /** Null until it is read, or where it cannot be. */
  opsdb: OpsdbDraft | null;
  setOpsdb: (form: OpsdbForm) => void;
  /** Why the file of the database's configuration cannot be used; empty otherwise. */
  problem: string;
  /** The source as it is kept; undefined while something is missing. */
  source: string | null | undefined;
  /** All that was filled in, as text. */
  subject: string;
  secrets: SecretState | null;
  refreshSecrets: () => void;
  /** Writes the configuration of the database where it was edited; null where something is missing or wrong. */
  prepare: (data: string | null) => Promise<Candidate | null>;
}

const NEW_DATABASE: OpsdbForm = {
  host: '',
  port: 5432,
  database: 'desi',
  user: 'qlf_reader',
  tls: { mode: 'verify-full', ca: null },
  dataHosts: {},
};

/** Names of the secrets that a connection may need. */
function secretNames(form: SourceForm, opsdb: OpsdbForm | null): string[] {
  if (form.kind === 'ssh') return [keySecret(form.identity === '' ? null : form.identity)];
  if (form.kind !== 'opsdb' || !opsdb) return [];
  const keys = Object.values(opsdb.dataHosts).map(({ identityFile }) => keySecret(identityFile));
  return opsdb.host === '' ? keys : [databaseSecret(opsdb), ...keys];
}

/** A connection while it is filled in. @param initial the source that is in use */
export function useConnection(initial: string | null): ConnectionDraft {
  const { bridge } = useApp();
  const [form, setForm] = useState(() => sourceForm(initial));
  const [opsdb, setOpsdb] = useState<OpsdbDraft | null>(null);
  const [problem, setProblem] = useState('');
  const [secrets, setSecrets] = useState<SecretState | null>(null);
  const [asked, setAsked] = useState(0);
  const { kind, file } = form;
  useEffect(() => {
    if (kind !== 'opsdb') return;
    let current = true;
    void bridge.call('opsdb.open', { file: file === '' ? null : file }).then((answer) => {
      if (!current) return;
      setProblem(answer.ok ? '' : answer.error.message);
      if (!answer.ok) {
        setOpsdb(null);
        return;
      }
      const { file: place, form: read, mapped } = answer.value;
      setOpsdb({ file: place, form: read ?? NEW_DATABASE, mapped, edited: read === null });
    });
    return () => {
      current = false;
    };
  }, [bridge, kind, file]);
  const names = JSON.stringify(secretNames(form, opsdb?.form ?? null));
  useEffect(() => {
    let current = true;
    void bridge.call('secret.state', { names: JSON.parse(names) as string[] }).then((answer) => {
      if (current && answer.ok) setSecrets(answer.value);
    });
    return () => {
      current = false;
    };
  }, [bridge, names, asked]);
  const source =
    kind === 'opsdb' ? (opsdb && opsdb.form.host !== '' ? `opsdb:${opsdb.file}` : undefined) : textOfForm(form);
  return {
    form,
    setForm,
    opsdb,
    setOpsdb: (next) => {
      if (opsdb) setOpsdb({ ...opsdb, form: next, edited: true });
    },
    problem,
    source,
    subject: JSON.stringify([form, opsdb?.form]),
    secrets,
    refreshSecrets: () => {
      setAsked((count) => count + 1);
    },
    prepare: async (data) => {
      if (source === undefined) return null;
      if (kind === 'opsdb' && opsdb?.edited) {
        const answer = await bridge.call('opsdb.save', { file: opsdb.file, form: opsdb.form });
        setProblem(answer.ok ? '' : answer.error.message);
        if (!answer.ok) return null;
        setOpsdb({ ...opsdb, edited: false });
      }
      return { source, data };
    },
  };
}
