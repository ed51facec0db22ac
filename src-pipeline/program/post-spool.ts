import { EXIT, messageOf, type ExitCode } from '../job/failure.ts';
import { accessFromEnvironment, createApiClient, type ApiClient } from '../report/api-client.ts';
import type { JobDocument } from '../report/job-document.ts';
import { readSpool, spoolFilesIn, writeSpool } from '../report/spool.ts';
import { logLine } from './log-lines.ts';

/** Posts what earlier jobs left in the spool files of a folder; what still fails stays there. */
export async function postSpool(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void,
): Promise<{ code: ExitCode; reason: string }> {
  const access = accessFromEnvironment(env);
  if (access === null) return { code: EXIT.usage, reason: 'QLF_API_URL is not set: there is nowhere to post to' };
  let left = 0;
  const client = createApiClient(access);
  try {
    for (const file of spoolFilesIn(directory)) {
      const documents = readSpool(file);
      const unsent = await postAll(client, documents, (text) => write(logLine(new Date(), 'QuickLook', 'ERROR', text)));
      writeSpool(file, unsent);
      left += unsent.length;
      const posted = documents.length - unsent.length;
      write(logLine(new Date(), 'QuickLook', 'INFO', `Posted ${posted} of ${documents.length} results of ${file}`));
    }
  } catch (error) {
    return { code: EXIT.notPosted, reason: `${directory}: ${messageOf(error)}` };
  } finally {
    client.close();
  }
  return left === 0
    ? { code: EXIT.ok, reason: '' }
    : { code: EXIT.notPosted, reason: `${left} results in ${directory} could still not be posted` };
}

async function postAll(
  client: ApiClient,
  documents: readonly JobDocument[],
  fail: (text: string) => void,
): Promise<JobDocument[]> {
  const unsent: JobDocument[] = [];
  for (const document of documents) {
    try {
      await client.postJob(document);
    } catch (error) {
      fail(messageOf(error));
      unsent.push(document);
    }
  }
  return unsent;
}
