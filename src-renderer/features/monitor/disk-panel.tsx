import { diskView } from '../../model/disk.ts';
import { formatBytes } from '../../model/format.ts';
import { useRoom } from '../../store/context.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

/** '80', '92.5' */
function asPercent(share: number): string {
  return String(Number((share * 100).toFixed(1)));
}

/** How full the disk of the data folder is. */
export function DiskPanel() {
  const disk = useRoom((state) => state.room?.disk ?? null);
  const dataDir = useRoom((state) => state.room?.engine.dataDir ?? '');
  if (!disk) {
    return (
      <section className="panel disk" aria-label="Disk">
        <p>
          <b>Disk</b>
          <span>not measured yet</span>
        </p>
        <div className="disk-bar" aria-hidden="true" />
        <p className="folder" title={dataDir}>
          {dataDir}
        </p>
      </section>
    );
  }
  const { used, percent, status, free } = diskView(disk);
  const { nightBytes } = disk;
  return (
    <section className={`panel disk ${status}`} aria-label="Disk">
      <p>
        <b>
          {status !== 'normal' && <StatusGlyph status={status} size={13} named />}
          Disk {percent}% used
        </b>
        <span
          title={
            nightBytes === undefined
              ? 'No whole night lies on it yet'
              : `A night takes ${formatBytes(nightBytes)}, by the last whole ones`
          }
        >
          {free}
        </span>
      </p>
      <div className="disk-bar" aria-hidden="true">
        <i style={{ width: `${used * 100}%` }} />
        <u style={{ left: `${disk.warnAt * 100}%` }} />
        <u className="full" style={{ left: `${disk.faultAt * 100}%` }} />
      </div>
      <p className="folder">
        <span title={dataDir}>
          <bdi>{dataDir}</bdi>
        </span>
        <span>
          limits {asPercent(disk.warnAt)}, {asPercent(disk.faultAt)}%
        </span>
      </p>
    </section>
  );
}
