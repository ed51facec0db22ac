import { useState } from 'react';
import { NightField } from '../../../ui/night-field.tsx';
import { Button } from '../../../ui/controls.tsx';
import { CheckField } from '../../../ui/fields.tsx';
import { useRoom } from '../../../store/context.tsx';
import { Panel } from '../../../ui/panel.tsx';
import type { StorageHandle } from './use-storage.ts';

/** A night as a folder of plain files, to keep or to look at in another QLF. */
export function NightsPanel({ storage }: { storage: StorageHandle }) {
  const newest = useRoom((state) => state.room?.exposures[0]?.night ?? '');
  const [chosen, setChosen] = useState<string | null>(null);
  const [products, setProducts] = useState(false);
  const night = chosen ?? newest;
  return (
    <Panel title="Nights as files" note="exposures, runs, measurements, alarms, comments, QA files and logs">
      <div className="field storage-night">
        <span>Night</span>
        <NightField
          label="Night"
          value={night}
          onChange={(next) => {
            setChosen(next ?? '');
          }}
        />
      </div>
      <div className="storage-choices" role="group" aria-label="With">
        <CheckField label="with images and spectra" checked={products} onChange={setProducts} />
      </div>
      <div className="take-over">
        <p className="explain">An import takes in what is not here and changes nothing that is.</p>
        <Button
          disabled={storage.busy || !/^\d{8}$/.test(night)}
          onClick={() => {
            storage.order('night.export', { night, products });
          }}
        >
          Export
        </Button>
        <Button
          disabled={storage.busy}
          onClick={() => {
            storage.order('night.import', {});
          }}
        >
          Import
        </Button>
      </div>
    </Panel>
  );
}
