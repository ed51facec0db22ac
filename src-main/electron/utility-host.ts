/**
 * Runs one of QLF's programs inside a utility process as if child_process had started it: the program finds
 * `process.send`, 'message' and 'disconnect' of plain Node, and its end is told as plain Node tells it. Electron by
 * itself loses output that comes just before the end, reports a killed process as exit code 0, and leaves its utility
 * processes running when it is killed.
 *
 * Arguments: the program's file, then the program's own.
 */
import { closeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { format } from 'node:util';
import { asEnvelope, type Envelope } from './utility-protocol.ts';

/** What Electron gives a utility process. */
interface ParentPort {
  postMessage(message: Envelope): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/** ms after which a parent that does not react is not waited for. */
const FAREWELL_MS = 5000;
/** ms between looks whether the parent lives. */
const PARENT_MS = 500;

const parent = process.ppid;
const parentLives = (): boolean => process.ppid === parent;

function provideMessages(port: ParentPort): void {
  port.on('message', ({ data }) => {
    const envelope = asEnvelope(data);
    if (envelope?.kind === 'message') process.emit('message', envelope.message, undefined);
  });
  process.connected = true;
  process.send = (message: unknown): boolean => {
    port.postMessage({ kind: 'message', message });
    return true;
  };
  const watch = setInterval(() => {
    if (parentLives()) return;
    clearInterval(watch);
    process.connected = false;
    process.emit('disconnect');
  }, PARENT_MS);
  watch.unref();
}

/** Makes every write complete before the next statement, so that nothing is pending when the program ends. */
function writeAtOnce(stream: NodeJS.WriteStream): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?: (on: boolean) => void } };
  handle?.setBlocking?.(true);
}

/**
 * Tells the exit code, closes the output so that the parent reads it to its end, and waits to be ended by the parent
 * when it has.
 */
function sayFarewell(port: ParentPort): void {
  process.on('exit', (code) => {
    if (!parentLives()) return;
    port.postMessage({ kind: 'exit', code });
    closeSync(1);
    closeSync(2);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FAREWELL_MS);
  });
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${format(error)}\n`);
    process.exit(1);
  });
}

function host(): void {
  const { parentPort: port } = process as unknown as { parentPort: ParentPort };
  const program = process.argv[2];
  if (program === undefined) throw new Error('utility-host: which program?');
  process.argv.splice(1, 2, program);
  provideMessages(port);
  writeAtOnce(process.stdout);
  writeAtOnce(process.stderr);
  sayFarewell(port);
  createRequire(__filename)(program);
}

host();
