import { createReadStream, statSync } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";
import { InputError } from "../args/exit-code.ts";
import { isMissing, unreadableFile } from "../args/unreadable-file.ts";
import { type DecisionLine, readDecisionLine, type Unreadable } from "./decision-line.ts";
import { DocumentSplitter, type UnreadText } from "./document-splitter.ts";
import { findLines } from "./find-lines.ts";
import { MAX_LOG_DOCUMENT_LENGTH } from "./log-limits.ts";

/** The option of every command that reads a log. */
export const logOption = {
  log: {
    type: "string",
    required: true,
    valueHint: "file",
    description:
      "The log: its lines, `wrangler tail --format json` or Logpush; may be compressed by gzip. - reads stdin.",
  },
} as const;

/** How much is read at once, in bytes: some thousand lines, so that waiting costs nothing beside parsing. */
const CHUNK_BYTES = 1024 * 1024;

/** What was read so far. It grows while the log is read. */
export interface LogCounts extends UnreadText, Record<Unreadable, number> {
  /** Decision lines. */
  lines: number;
  /** JSON documents in which the gateway wrote nothing, such as those of another Worker or of the cron trigger. */
  withoutLine: number;
  /** Bytes of the file or of stdin, as they are stored: if it is compressed, compressed ones. */
  bytes: number;
  /** Bytes that there are; `undefined`: nobody knows, because it is a pipe. */
  readonly totalBytes: number | undefined;
}

/** A log that can be read once. */
export interface DecisionLog {
  readonly counts: LogCounts;
  /** The decision lines in their order, in batches. One batch is in memory at a time. */
  readonly batches: AsyncIterable<readonly DecisionLine[]>;
}

/**
 * Opens a log: lines of JSON, documents of `wrangler tail --format json`, files of Logpush, or events of Workers Logs,
 * mixed with other text. It may be compressed by gzip. What is no decision line is counted and passed over.
 *
 * @param name of a file; `-`: stdin
 * @param stdin left out: that of the process
 * @throws InputError the file cannot be read; reading `batches` throws it, too
 */
export function readDecisions(name: string, stdin: Readable = process.stdin): DecisionLog {
  const counts: LogCounts = {
    ...{ lines: 0, bytes: 0, totalBytes: name === "-" ? undefined : sizeOf(name) },
    ...{ otherText: 0, cut: 0, tooLong: 0 },
    ...{ withoutLine: 0, otherEvent: 0, newerVersion: 0, malformed: 0 },
  };
  const stored = name === "-" ? stdin : createReadStream(name, { highWaterMark: CHUNK_BYTES });
  return { counts, batches: decisionsIn(stored, counts, name) };
}

function sizeOf(name: string): number | undefined {
  try {
    const { size } = statSync(name);
    // A named pipe has none.
    return size === 0 ? undefined : size;
  } catch (error) {
    throw isMissing(error) ? unreadableFile(name, error) : unreadable(name);
  }
}

function unreadable(name: string): InputError {
  return new InputError(`${name === "-" ? "stdin" : name}: The log cannot be read to its end.`);
}

async function* decisionsIn(
  stored: Readable,
  counts: LogCounts,
  name: string,
): AsyncGenerator<readonly DecisionLine[], void, undefined> {
  const splitter = new DocumentSplitter(counts);
  for await (const lines of linesOf(stored, counts, name)) {
    const decisions: DecisionLine[] = [];
    for (const line of lines) {
      const document = splitter.take(line);
      if (document !== undefined) addDecisions(document, counts, decisions);
    }
    yield decisions;
  }
  splitter.end();
}

function addDecisions(document: unknown, counts: LogCounts, decisions: DecisionLine[]): void {
  const found = findLines(document);
  if (found.length === 0) counts.withoutLine += 1;
  for (const line of found) {
    const decision = readDecisionLine(line);
    if (typeof decision === "string") counts[decision] += 1;
    else {
      counts.lines += 1;
      decisions.push(decision);
    }
  }
}

/** The lines of a text, in batches. A line that is too long is counted and passed over, so that memory is bounded. */
async function* linesOf(
  stored: Readable,
  counts: LogCounts,
  name: string,
): AsyncGenerator<readonly string[], void, undefined> {
  let decoder: StringDecoder | undefined;
  let rest = "";
  let isTooLong = false;
  try {
    for await (const chunk of await decompressed(stored, counts)) {
      decoder ??= new StringDecoder(encodingOf(chunk));
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      if (isTooLong && lines.length > 0) {
        lines.shift();
        isTooLong = false;
      }
      if (isTooLong) rest = "";
      else if (rest.length > MAX_LOG_DOCUMENT_LENGTH) {
        counts.tooLong += 1;
        isTooLong = true;
        rest = "";
      }
      yield lines;
    }
  } catch (error) {
    if (error instanceof Error && "code" in error) throw unreadable(name);
    throw error;
  }
  if (!isTooLong) yield [rest + (decoder?.end() ?? "")];
}

/** Windows PowerShell 5 writes the output of a command as UTF-16, with a byte order mark (RFC 2781 3.2). */
function encodingOf(first: Buffer): "utf8" | "utf16le" {
  return first[0] === 0xff && first[1] === 0xfe ? "utf16le" : "utf8";
}

/** The bytes of a log, without their compression. A file of gzip begins with two bytes of its own (RFC 1952 2.3.1). */
async function decompressed(stored: Readable, counts: LogCounts): Promise<AsyncIterable<Buffer>> {
  const chunks = counted(stored, counts);
  const { value: first, done } = await chunks.next();
  if (done) return Readable.from([]);
  const all = withFirst(first, chunks);
  if (first[0] !== 0x1f || first[1] !== 0x8b) return all;
  // An error ends the result, where it is thrown.
  return pipeline(Readable.from(all), createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

async function* counted(stored: Readable, counts: LogCounts): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of stored) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    counts.bytes += bytes.length;
    yield bytes;
  }
}

async function* withFirst(first: Buffer, others: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  yield first;
  yield* others;
}
