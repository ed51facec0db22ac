import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JobDocument } from '../report/job-document.ts';

/** The ingest side as the founding document describes it, on a free port of the loopback. */
export interface Endpoint {
  url: string;
  env: Record<string, string>;
  documents: JobDocument[];
  /** Names of the metrics, in the order of arrival. */
  metrics(): string[];
  /** Answers these statuses to the next POSTs instead of 201. */
  answer(...statuses: number[]): void;
  close(): Promise<void>;
}

export async function startEndpoint(onDocument: (document: JobDocument) => void = () => undefined): Promise<Endpoint> {
  const documents: JobDocument[] = [];
  const answers: number[] = [];
  const expected = `Basic ${Buffer.from('observer:secret words').toString('base64')}`;
  const server = createServer((request, response) => {
    void handle(request, response);
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'GET') {
      response.end(JSON.stringify({ job: `${url}job/` }));
      return;
    }
    if (request.headers.authorization !== expected) {
      response.writeHead(401).end('who are you');
      return;
    }
    const status = answers.shift() ?? 201;
    if (status === 201) {
      const document = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JobDocument;
      documents.push(document);
      onDocument(document);
    }
    response.writeHead(status).end('{}');
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dashboard/api/`;
  return {
    url,
    env: { QLF_API_URL: url, QLF_USER: 'observer', QLF_PASSWD: 'secret words' },
    documents,
    metrics: () => documents.flatMap(({ measurements }) => measurements.map(({ metric }) => metric)),
    answer: (...statuses) => void answers.push(...statuses),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
