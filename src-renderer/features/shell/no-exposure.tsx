import type { ReactNode } from 'react';
import { useApp, useRoom } from '../../store/context.tsx';
import { isEmulated } from '../../store/control-room.ts';
import { Button } from '../../ui/controls.tsx';
import { ScreenMessage } from '../../ui/screen-message.tsx';

/** What can be done for the first exposure: look at the emulated telescope, or at the connection to the real one. */
export function FirstStep() {
  const { view } = useApp();
  const emulated = useRoom(isEmulated);
  return (
    <Button
      onClick={() => {
        view.setState(emulated ? { screen: 'test-environment' } : { screen: 'settings', settingsSection: 'nights' });
      }}
    >
      {emulated ? 'Open the test environment' : 'Test the connection'}
    </Button>
  );
}

/** In the place of a screen that shows an exposure's evidence, before there is any. */
export function NoExposureScreen({ children }: { children: ReactNode }) {
  const seen = useRoom((state) => (state.room?.exposures.length ?? 0) > 0);
  return (
    <ScreenMessage status="waiting" title={seen ? 'Nothing processed yet' : 'No exposure yet'}>
      <p>{children}</p>
      {seen && (
        <p>Exposures are registered; those that are processed, or one that you choose on the monitor, come here.</p>
      )}
      <FirstStep />
    </ScreenMessage>
  );
}
