import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { RemoteLink } from '../../remote/remote-link.ts';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { SignIn } from './sign-in.tsx';

/** The interface, once the browser may look at it. */
export function RemoteGate({ link, children }: { link: RemoteLink; children: ReactNode }) {
  const needsToken = useStore(link.access, (state) => state.needsToken);
  if (!needsToken) return children;
  return (
    <main className="no-engine">
      <StatusGlyph status="lost" size={64} />
      <div>
        <p className="over">Quick Look of DESI, remote view</p>
        <h1>Sign in to look on</h1>
        <SignIn link={link} />
      </div>
    </main>
  );
}
