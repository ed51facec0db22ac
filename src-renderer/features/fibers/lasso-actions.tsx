import { useEffect, useRef, useState } from 'react';
import { armOf, type CameraName } from '#shared/domain/camera.ts';
import { cameraOfFiber } from '#shared/domain/fiber.ts';
import { commentsOn, MOST_EACH, type CommentOn } from '../../model/fiber-comments.ts';
import { cameraOfValue, type FiberField } from '../../model/fiber-field.ts';
import { count } from '../../model/format.ts';
import { useApp, useView } from '../../store/context.tsx';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Button, Segmented } from '../../ui/controls.tsx';
import { useShownExposure } from '../monitor/use-verdict.ts';
import { ObserverField } from '../notes/observer-field.tsx';

function CommentForm({
  expid,
  fibers,
  cameraOf,
  onDone,
}: {
  expid: number;
  fibers: readonly number[];
  cameraOf: (fiber: number) => CameraName;
  onDone: () => void;
}) {
  const { bridge, view } = useApp();
  const observer = useView((state) => state.observer);
  const [text, setText] = useState('');
  const [on, setOn] = useState<CommentOn>('camera');
  const [busy, setBusy] = useState(false);
  const words = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    words.current?.focus();
  }, []);
  const may = fibers.length <= MOST_EACH ? on : 'camera';
  const cameras = [...new Set(fibers.map(cameraOf))];
  const ready = !busy && text.trim() !== '' && observer.trim() !== '';
  const add = async (): Promise<void> => {
    if (!ready) return;
    setBusy(true);
    const wanted = commentsOn(fibers, may, text, cameraOf);
    let kept = 0;
    for (const comment of wanted) {
      const answer = await bridge.call('comment.add', { expid, author: observer, ...comment });
      if (!answer.ok) {
        const so = kept === 0 ? '' : ` ${kept} of ${wanted.length} comments were kept.`;
        view.setState({ notice: `${answer.error.message}${so}` });
        break;
      }
      kept += 1;
    }
    setBusy(false);
    if (kept < wanted.length) return;
    const what = may === 'each' ? count(kept, 'fiber') : cameras.join(', ');
    view.setState({ notice: '', told: `Comment on ${what} kept with the exposure` });
    onDone();
  };
  return (
    // Escape leaves the form and not the screen; the fields in it take all other keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      className="lasso-comment"
      aria-label={`Comment on ${count(fibers.length, 'fiber')}`}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onDone();
      }}
    >
      <textarea
        ref={words}
        aria-label="Comment"
        placeholder={`What is it with these ${count(fibers.length, 'fiber')}?`}
        rows={2}
        maxLength={9000}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <div>
        {fibers.length <= MOST_EACH && fibers.length > 1 ? (
          <Segmented<CommentOn>
            label="Comment on"
            value={on}
            options={[
              { value: 'camera', text: cameras.length === 1 ? (cameras[0] ?? '') : `${cameras.length} cameras` },
              { value: 'each', text: 'Each fiber' },
            ]}
            onChange={setOn}
          />
        ) : (
          <small>
            on {cameras.length > 3 ? count(cameras.length, 'camera') : cameras.join(', ')}, naming the fibers
          </small>
        )}
        <span className="spring" />
        <ObserverField />
        <button type="submit" className="button small primary" disabled={!ready}>
          Add
        </button>
      </div>
    </form>
  );
}

/**
 * What can be done with the fibers inside a lasso: a comment on them; the worst of them, or the chosen one where it is among
 * them, on the CCD and as a spectrum.
 */
export function LassoActions({
  fibers,
  worst,
  chosen,
  field,
  onClear,
}: {
  fibers: readonly number[];
  worst: number | undefined;
  chosen: number;
  field: FiberField;
  onClear: () => void;
}) {
  const openEvidence = useOpenEvidence();
  const exposure = useShownExposure();
  const arm = useView((state) => armOf(state.camera));
  const [writing, setWriting] = useState(false);
  const fiber = fibers.includes(chosen) ? chosen : (worst ?? fibers[0] ?? chosen);
  const cameraOf = (one: number): CameraName => cameraOfValue(field, one) ?? cameraOfFiber(arm, one);
  const show = (screen: 'ccd' | 'spectra') => (): void => {
    void openEvidence({ screen, fiber, camera: cameraOf(fiber) });
  };
  return (
    <>
      <div className="lasso-acts" role="group" aria-label="Fibers of the lasso">
        {exposure && (
          <Button
            small
            kind={writing ? 'primary' : 'plain'}
            onClick={() => {
              setWriting(!writing);
            }}
          >
            Comment
          </Button>
        )}
        <Button small onClick={show('ccd')}>
          {`${fiber} on CCD`}
        </Button>
        <Button small onClick={show('spectra')}>
          {`${fiber} spectrum`}
        </Button>
        <span className="spring" />
        <Button small kind="ghost" keys="Del" onClick={onClear}>
          Clear
        </Button>
      </div>
      {writing && exposure && (
        <CommentForm
          expid={exposure.expid}
          fibers={fibers}
          cameraOf={cameraOf}
          onDone={() => {
            setWriting(false);
          }}
        />
      )}
    </>
  );
}
