import { useEffect, useState } from 'react';
import type { ConfigurationScope } from '#shared/domain/configuration.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { useApp } from '../../../store/context.tsx';

/** What a saved text comes to, to say what an edited value was; null until it is known. */
export function useSavedValues(scope: ConfigurationScope, text: string | null): Json | null {
  const { bridge } = useApp();
  const [known, setKnown] = useState<{ scope: string; text: string; value: Json } | null>(null);
  useEffect(() => {
    if (text === null) return;
    let current = true;
    void bridge.call('configuration.check', { scope, text }).then((result) => {
      if (current && result.ok) setKnown({ scope, text, value: result.value.resolved });
    });
    return () => {
      current = false;
    };
  }, [bridge, scope, text]);
  return known?.scope === scope && known.text === text ? known.value : null;
}
