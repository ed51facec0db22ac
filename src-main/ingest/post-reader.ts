import { readPost, type PostReading } from './read-post.ts';

/** A body that has come. */
export interface PostBody {
  bytes: Buffer;
  /** Whose credential came with it. */
  sender: string;
  /** What it came over: of one connection the first is read first. */
  connection: object;
}

/** Reads the bodies of posts. */
export interface PostReader {
  /** @throws RequestError `unavailable` where too many wait, or the reader died over it; nothing was stored */
  read(body: PostBody): Promise<PostReading>;
  close(): Promise<void>;
}

/** Reads in the caller's thread, at once. */
export const readHere: PostReader = {
  read: ({ bytes }) => Promise.resolve(readPost(bytes)),
  close: () => Promise.resolve(),
};
