import { useEffect } from 'react';
import type { Opened } from '#shared/domain/opened.ts';
import type { View } from '../../store/view.ts';
import { useApp } from '../../store/context.tsx';

/** Where a file that the desktop gave is shown. */
function placeOf(opened: Opened, view: View): Partial<View> {
  switch (opened.kind) {
    case 'fits':
      return { notice: '', screen: 'ccd', wall: false, fitsFile: opened.file, ccd: { ...view.ccd, mode: 'file' } };
    case 'night':
      return { notice: '', screen: 'settings', wall: false, settingsSection: 'storage', nightOffer: opened.night };
    case 'refused':
      return { notice: `${opened.name} cannot be opened: ${opened.message}` };
  }
}

/** Shows what the desktop opens in QLF, at the start and later. */
export function useOpened(): void {
  const { bridge, view } = useApp();
  useEffect(() => {
    const take = (): void => {
      void bridge.takeOpened().then((opened) => {
        for (const each of opened) view.setState((state) => placeOf(each, state));
      });
    };
    take();
    return bridge.onOpened(take);
  }, [bridge, view]);
}
