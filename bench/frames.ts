/** What each frame of a page costs its main thread, by the clock on the wall and by the thread's own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Qlf } from '../e2e/fixtures/qlf.ts';

export interface Frames {
  /** ms between frames */
  gaps: number[];
  /** ms from a frame's callbacks to the first task after it: scripts, layout and paint of the main thread */
  work: number[];
  /** ms that the main thread really ran for the frame's task: what else the machine does counts less */
  thread: number[];
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** µs */
  ts: number;
  dur?: number;
  /** µs of the thread's clock */
  tdur?: number;
}

const BEGIN = 'bench frame';

/** Watches frames until `window.benchEnds` is called. */
function watchPage(page: Qlf['page']): Promise<Omit<Frames, 'thread'>> {
  return page.evaluate(
    (mark) =>
      new Promise<Omit<Frames, 'thread'>>((resolve) => {
        const gaps: number[] = [];
        const work: number[] = [];
        const { port1, port2 } = new MessageChannel();
        let [begun, last, ended] = [0, 0, false];
        Object.assign(window, { benchEnds: () => (ended = true) });
        port1.onmessage = () => {
          work.push(performance.now() - begun);
          if (ended) resolve({ gaps, work });
          else requestAnimationFrame(frame);
        };
        function frame(time: number): void {
          performance.mark(mark);
          begun = performance.now();
          if (last > 0) gaps.push(time - last);
          last = time;
          port2.postMessage(null);
        }
        requestAnimationFrame(frame);
      }),
    BEGIN,
  );
}

/** For each frame the thread time of the task that drew it. */
function threadTimes(events: readonly TraceEvent[]): number[] {
  const marks = events.filter(({ name }) => name === BEGIN);
  const page = marks[0];
  if (!page) return [];
  const tasks = events
    .filter(({ ph, pid, tid, dur }) => ph === 'X' && dur !== undefined && pid === page.pid && tid === page.tid)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  return marks.flatMap(({ ts }) => {
    // Sorted so, the first that holds the mark is the outermost.
    const task = tasks.find((one) => one.ts <= ts && ts <= one.ts + (one.dur ?? 0));
    return task?.tdur === undefined ? [] : [task.tdur / 1000];
  });
}

/** Frames of the window from the beginning of `action` to its end. */
export async function watchFrames({ electron, page }: Qlf, action: () => Promise<unknown>): Promise<Frames> {
  const folder = mkdtempSync(join(tmpdir(), 'qlf-frames-'));
  try {
    await electron.evaluate(({ contentTracing }) =>
      contentTracing.startRecording({
        included_categories: ['toplevel', 'devtools.timeline', 'blink.user_timing'],
        excluded_categories: ['*'],
      }),
    );
    const watching = watchPage(page);
    await action();
    await page.evaluate(() => (window as unknown as { benchEnds: () => void }).benchEnds());
    const watched = await watching;
    const file = await electron.evaluate(
      ({ contentTracing }, path) => contentTracing.stopRecording(path),
      join(folder, 'trace.json'),
    );
    const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as { traceEvents: TraceEvent[] };
    return { ...watched, thread: threadTimes(traceEvents) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
