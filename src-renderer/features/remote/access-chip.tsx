import { useStore } from 'zustand';
import type { RemoteLink } from '../../remote/remote-link.ts';
import { Button } from '../../ui/controls.tsx';
import { Popover } from '../../ui/popover.tsx';
import { SignIn } from './sign-in.tsx';

const MAY = {
  viewer: 'You may look at everything and change nothing.',
  observer: 'You may run the night: process, retry, handle alarms, comment. Settings stay as they are.',
  engineer: 'You may run the night and change settings, except which program processes exposures.',
} as const;

/** Who looks on from elsewhere, and the way to be somebody else. */
export function AccessChip({ link }: { link: RemoteLink }) {
  const { role, name } = useStore(link.access);
  const words = role === null ? 'No contact' : name === '' ? `Remote ${role}` : `${name}, ${role}`;
  return (
    <Popover label="Remote view" content={<b>{words}</b>} className="contact" title="Who you are here" align="end">
      {(close) => (
        <div className="access">
          <p>{role === null ? 'QLF cannot be reached at the moment.' : MAY[role]}</p>
          {name === '' ? (
            <SignIn link={link} done={close} />
          ) : (
            <Button
              small
              onClick={() => {
                close();
                void link.signOut();
              }}
            >
              Sign out
            </Button>
          )}
        </div>
      )}
    </Popover>
  );
}
