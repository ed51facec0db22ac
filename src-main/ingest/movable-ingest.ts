import { startIngest, type RunningIngest } from './start-ingest.ts';

/** The endpoint, which may move to another port while it is in use. */
export interface MovableIngest {
  /** Where pipelines that start now post to. */
  readonly apiUrl: string;
  readonly warning: string | null;
  /**
   * Opens the endpoint on another port as well; the old one stays for those who were told of it until `retire`.
   * @throws QlfError as `startIngest`; then all is as before
   */
  moveTo(port: number): Promise<void>;
  /** Closes the ports that were left. */
  retire(): Promise<void>;
  close(): Promise<void>;
}

type Options = Parameters<typeof startIngest>[0];

export async function openIngest(options: Options): Promise<MovableIngest> {
  let current = await startIngest(options);
  let wished = options.port;
  let left: RunningIngest[] = [];
  const retire = async (): Promise<void> => {
    const closing = left;
    left = [];
    await Promise.all(closing.map((old) => old.close()));
  };
  return {
    get apiUrl() {
      return current.apiUrl;
    },
    get warning() {
      return current.warning;
    },
    async moveTo(port) {
      if (port === wished || port === current.port) return;
      const next = await startIngest({ ...options, port });
      left.push(current);
      current = next;
      wished = port;
    },
    retire,
    async close() {
      await retire();
      await current.close();
    },
  };
}
