import { useCallback } from 'react';
import type { TrendsView } from '../../model/trends-view.ts';
import { useApp, useView } from '../../store/context.tsx';

/** What the trends screen shows, and the way to change it. */
export function useTrendsView(): [TrendsView, (change: Partial<TrendsView>) => void] {
  const { view } = useApp();
  const trends = useView((state) => state.trends);
  const change = useCallback(
    (next: Partial<TrendsView>) => {
      view.setState(({ trends: before }) => ({ trends: { ...before, ...next } }));
    },
    [view],
  );
  return [trends, change];
}
