import type { NightOffer } from '#shared/domain/opened.ts';
import { count, formatBytes } from '../../../model/format.ts';
import { useApp, useRoom, useView } from '../../../store/context.tsx';
import { Button } from '../../../ui/controls.tsx';
import { Panel } from '../../../ui/panel.tsx';
import type { StorageHandle } from './use-storage.ts';

const KINDS: Readonly<Record<NightOffer['origin'], string>> = { real: 'real nights', emulated: 'emulated nights' };

/** An exported night that the desktop has opened: what it is, before anything of it is taken in. */
export function NightOfferPanel({ storage }: { storage: StorageHandle }) {
  const { view } = useApp();
  const offer = useView((state) => state.nightOffer);
  const emulated = useRoom((state) => state.room?.connections.some(({ adapter }) => adapter === 'test environment'));
  if (!offer) return null;
  const here = emulated ? 'emulated' : 'real';
  const fits = offer.origin === here;
  const written = new Date(offer.writtenAt).toISOString();
  const close = (): void => {
    view.setState({ nightOffer: null });
  };
  return (
    <Panel
      title={`Take in night ${offer.night}?`}
      note={`written ${written.slice(0, 10)} ${written.slice(11, 16)} UTC`}
    >
      <p className="explain">
        {offer.folder}: {count(offer.files, 'file')}, {formatBytes(offer.bytes)}, of {KINDS[offer.origin]}.{' '}
        {fits
          ? 'Its files are checked first. What is here already stays as it is.'
          : `QLF shows ${KINDS[here]} at the moment, and the two are never mixed: choose another data folder first.`}
      </p>
      <div className="take-over">
        <Button onClick={close}>Not now</Button>
        <Button
          kind="primary"
          disabled={storage.busy || !fits}
          onClick={() => {
            storage.order('night.import', { offer: offer.offer }, close);
          }}
        >
          Take it in
        </Button>
      </div>
    </Panel>
  );
}
