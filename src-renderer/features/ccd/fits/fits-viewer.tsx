import { useEffect, useState, type DragEvent, type ReactNode } from 'react';
import type { FitsDescription, FitsFile, FitsHdu } from '#shared/domain/image.ts';
import type { Result } from '#shared/ipc/result.ts';
import type { CcdOptions } from '../../../model/ccd-options.ts';
import { hduKind } from '../../../model/fits-check.ts';
import { count, formatBytes } from '../../../model/format.ts';
import { useApp, useView } from '../../../store/context.tsx';
import { Button, Segmented } from '../../../ui/controls.tsx';
import { Panel, StateNote } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { CardsList } from './cards-list.tsx';
import { FileImage } from './file-image.tsx';
import { FitsjsNote } from './fitsjs-note.tsx';
import { HduTree } from './hdu-tree.tsx';
import { TableView } from './table-view.tsx';
import { useFitsjs } from './use-fitsjs.ts';
import './fits.css';

type Face = 'data' | 'header';

const hasImage = (hdu: FitsHdu): boolean =>
  (hdu.kind === 'image' || hdu.compressed) && hdu.axes.some((axis) => axis > 0);
const hasTable = (hdu: FitsHdu): boolean => !hdu.compressed && (hdu.kind === 'bintable' || hdu.kind === 'table');

/** What is looked at first: the first HDU with something to see. */
function firstHdu({ hdus }: FitsDescription): number {
  return hdus.find((hdu) => hdu.fault === '' && (hasImage(hdu) || hasTable(hdu)))?.index ?? 0;
}

function Content({
  file,
  hdu,
  face,
  children,
  options,
  change,
  onImage,
}: {
  file: FitsDescription;
  hdu: FitsHdu;
  face: Face;
  children: ReactNode;
  options: CcdOptions;
  change: (change: Partial<CcdOptions>) => void;
  onImage: (words: ReactNode) => void;
}) {
  if (face === 'header') return children;
  if (hdu.fault !== '') {
    return (
      <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="This HDU is damaged">
        {hdu.fault}. The HDUs that are whole can be looked at.
      </StateNote>
    );
  }
  if (hasImage(hdu))
    return (
      <FileImage
        key={`${file.file} ${hdu.index}`}
        file={file}
        hdu={hdu}
        options={options}
        change={change}
        onImage={onImage}
      />
    );
  if (hasTable(hdu)) return <TableView key={`${file.file} ${hdu.index}`} file={file.file} hdu={hdu} />;
  return (
    <StateNote glyph={<StatusGlyph status="not-expected" size={16} named />} title="Only a header">
      This HDU holds neither an image nor a table.
    </StateNote>
  );
}

function OpenedFile({
  file,
  options,
  change,
  onImage,
}: {
  file: FitsDescription;
  options: CcdOptions;
  change: (change: Partial<CcdOptions>) => void;
  onImage: (words: ReactNode) => void;
}) {
  const verdict = useFitsjs(file);
  const [at, setAt] = useState(() => firstHdu(file));
  const [face, setFace] = useState<Face>('data');
  const hdu = file.hdus[at];
  const differences = verdict.state === 'done' ? verdict.differences : [];
  const step = (by: number) => () => {
    setAt((before) => Math.min(file.hdus.length - 1, Math.max(0, before + by)));
  };
  useShortcuts({
    ',': step(-1),
    '.': step(1),
    j: () => {
      setFace((before) => (before === 'data' ? 'header' : 'data'));
    },
  });
  return (
    <>
      <Panel title={file.name} note={formatBytes(file.bytes)} className="fits-file">
        <HduTree hdus={file.hdus} current={at} differences={differences} onSelect={setAt} />
        {file.trailing > 0 && (
          <p className="panel-note">{formatBytes(file.trailing)} after the last HDU belong to none.</p>
        )}
        <FitsjsNote verdict={verdict} ours={file.hdus.length} />
      </Panel>
      {hdu && (
        <Panel
          title={`HDU ${hdu.index}${hdu.name === '' ? '' : ` ${hdu.name}`}`}
          note={hduKind(hdu)}
          className="fits-content"
          tools={
            <Segmented
              label="Part of the HDU"
              value={face}
              options={[
                { value: 'data', text: hasTable(hdu) ? 'Table' : 'Image' },
                { value: 'header', text: `Header, ${count(hdu.cards, 'card')}` },
              ]}
              onChange={setFace}
            />
          }
        >
          <Content file={file} hdu={hdu} face={face} options={options} change={change} onImage={onImage}>
            <CardsList key={`${file.file} ${hdu.index}`} file={file.file} hdu={hdu} differences={differences} />
          </Content>
        </Panel>
      )}
    </>
  );
}

/** Any FITS file: what it holds, its headers, tables and images. */
export function FitsViewer({
  options,
  change,
  onImage,
}: {
  options: CcdOptions;
  change: (change: Partial<CcdOptions>) => void;
  onImage: (words: ReactNode) => void;
}) {
  const { bridge, view } = useApp();
  const opened = useView((state) => state.fitsFile);
  const [described, setDescribed] = useState<{ file: string; answer: Result<FitsDescription> } | null>(null);
  const [refusal, setRefusal] = useState('');
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!opened) return;
    let current = true;
    void bridge.call('fits.describe', { file: opened.file }).then((answer) => {
      if (current) setDescribed({ file: opened.file, answer });
    });
    return () => {
      current = false;
    };
  }, [bridge, opened]);
  const take = (answer: Result<FitsFile | null>): void => {
    setRefusal(answer.ok ? '' : answer.error.message);
    if (answer.ok && answer.value) view.setState({ fitsFile: answer.value });
  };
  const choose = (): void => {
    void bridge.call('fits.choose', {}).then(take);
  };
  useShortcuts({ u: choose });
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) void bridge.openFile(file).then(take);
  };
  const answer = opened && described?.file === opened.file ? described.answer : null;
  return (
    // The button does what dropping does.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      className={`fits-viewer${over ? ' over' : ''}`}
      aria-label="FITS file"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={drop}
    >
      <div className="fits-open">
        <Button small keys="U" onClick={choose}>
          Open a file
        </Button>
        <span>{opened ? 'or drop another one here' : 'or drop one anywhere here'}</span>
        {refusal !== '' && (
          <strong role="alert">
            <StatusGlyph status="failed" size={14} named /> {refusal}
          </strong>
        )}
      </div>
      {opened && answer?.ok === true && (
        <OpenedFile key={opened.file} file={answer.value} options={options} change={change} onImage={onImage} />
      )}
      {opened && answer?.ok === false && (
        <div className="fits-nothing">
          <StateNote
            glyph={<StatusGlyph status="failed" size={16} named />}
            title={`${opened.name} cannot be read`}
            action={
              <Button small onClick={choose}>
                Open another
              </Button>
            }
          >
            {answer.error.message}
          </StateNote>
        </div>
      )}
      {!opened && (
        <div className="fits-nothing">
          <div>
            <h2>No file is open</h2>
            <p>
              Any FITS file: raw exposures, products, calibration, plain or compressed. Headers, tables and pixels are
              read by QLF itself; fitsjs reads the headers as well, and where the two disagree it is said.
            </p>
          </div>
        </div>
      )}
    </section>
  );
}
