import type { EngineSettings } from '#shared/domain/settings.ts';
import { useRoom } from '../../store/context.tsx';
import { Segmented } from '../../ui/controls.tsx';
import { NumberField } from '../../ui/fields.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

const MB = 1_000_000;
/** Bytes/s that a limit begins with. */
const FIRST_LIMIT = 20 * MB;

/** How exposures come to this computer, and how much of the link they may take. */
export function TransferSection({
  settings,
  change,
}: {
  settings: EngineSettings;
  change: (patch: Partial<EngineSettings>) => void;
}) {
  const transfer = useRoom((state) => state.room?.connections.find(({ name }) => name === 'transfer'));
  const { transferRate, transferStall, transferAttempts, transferWait } = settings;
  return (
    <>
      <Panel title="Transfer" note={transfer ? `${transfer.adapter}, ${transfer.state}` : ''}>
        <p className="explain">
          Files of this computer are copied; those of a data host come by rsync over SSH, or by SFTP where there is no
          rsync. They are never overwritten, an interrupted transfer is resumed, and size and checksum are verified
          where the DOS knows them. Host, account and key belong to the source, under DOS and folders.
        </p>
        {transfer !== undefined && transfer.error !== '' && (
          <p className="explain">
            <StatusGlyph status="lost" size={13} named /> {transfer.error}
          </p>
        )}
      </Panel>
      <Panel title="From a data host" note="from the next file">
        <div className="fields one">
          <div className="field">
            <span>Bandwidth</span>
            <Segmented
              label="Bandwidth"
              value={transferRate === null ? 'all' : 'limited'}
              options={[
                { value: 'all', text: 'All there is' },
                { value: 'limited', text: 'Limited' },
              ]}
              onChange={(choice) => {
                change({ transferRate: choice === 'all' ? null : FIRST_LIMIT });
              }}
            />
          </div>
          {transferRate !== null && (
            <NumberField
              key={`rate ${transferRate}`}
              label="At most"
              value={transferRate / MB}
              min={0.5}
              max={10_000}
              step={0.5}
              unit="MB/s"
              onChange={(rate) => {
                change({ transferRate: rate * MB });
              }}
            />
          )}
          <NumberField
            key={`stall ${transferStall}`}
            label="Silence"
            value={transferStall}
            min={5}
            max={600}
            unit="s without a byte, then the link is given up and tried again"
            onChange={(next) => {
              change({ transferStall: next });
            }}
          />
          <NumberField
            key={`wait ${transferWait}`}
            label="Lost link"
            value={transferWait}
            min={1}
            max={1440}
            unit="min it is tried often; then every five minutes while the exposure is the newest or gaps are caught up with, else it fails"
            onChange={(next) => {
              change({ transferWait: next });
            }}
          />
          <NumberField
            key={`attempts ${transferAttempts}`}
            label="Bad file"
            value={transferAttempts}
            min={1}
            max={20}
            unit="attempts at a file that changes, is cut off or fails its checksum"
            onChange={(next) => {
              change({ transferAttempts: next });
            }}
          />
        </div>
      </Panel>
    </>
  );
}
