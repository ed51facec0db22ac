import { useEffect, useState } from 'react';
import type { EngineSettings, FolderSettings } from '#shared/domain/settings.ts';
import { useApp, useCommand } from '../../store/context.tsx';

export interface KnownFolders {
  current: FolderSettings;
  next: FolderSettings;
  /** QLF's own folder where none is chosen. */
  standard: string;
  /** Nobody has ever chosen. */
  first: boolean;
}

export interface EngineSettingsHandle {
  settings: EngineSettings | null;
  folders: KnownFolders | null;
  /** Why they are not known; empty otherwise. */
  error: string;
  change: (patch: Partial<EngineSettings>) => void;
  /** Resolves to false where the engine refuses; then all is as before. */
  changeFolders: (next: FolderSettings) => Promise<boolean>;
}

/** The engine's settings and folders, written through on every change. */
export function useEngineSettings(): EngineSettingsHandle {
  const { bridge } = useApp();
  const command = useCommand();
  const [settings, setSettings] = useState<EngineSettings | null>(null);
  const [folders, setFolders] = useState<KnownFolders | null>(null);
  const [error, setError] = useState('');
  useEffect(() => {
    let current = true;
    void Promise.all([bridge.call('settings.get', {}), bridge.call('folders.get', {})]).then(([known, places]) => {
      if (!current) return;
      if (known.ok) setSettings(known.value);
      else setError(known.error.message);
      if (places.ok) setFolders(places.value);
      else setError(places.error.message);
    });
    return () => {
      current = false;
    };
  }, [bridge]);
  return {
    settings,
    folders,
    error,
    change: (patch) => {
      if (!settings) return;
      const next = { ...settings, ...patch };
      void command((b) => b.call('settings.set', { settings: next })).then((done) => {
        if (done) setSettings(next);
      });
    },
    changeFolders: async (next) => {
      const done = await command((b) => b.call('folders.set', { folders: next }));
      const places = await bridge.call('folders.get', {});
      if (places.ok) setFolders(places.value);
      return done;
    },
  };
}
