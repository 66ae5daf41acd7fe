import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../../../src/cli/args/exit-code.ts";
import type { DecisionLine } from "../../../src/cli/decisions/decision-line.ts";
import { MAX_LOG_DOCUMENT_LENGTH } from "../../../src/cli/decisions/log-limits.ts";
import { readDecisions } from "../../../src/cli/decisions/read-decisions.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";

const folder = mkdtempSync(join(tmpdir(), "scopegate-decisions-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(content: string | Buffer): string {
  const file = join(folder, "log");
  writeFileSync(file, content);
  return file;
}

async function readAll(name: string, stdin?: Readable) {
  const { counts, batches } = readDecisions(name, stdin);
  const lines: DecisionLine[] = [];
  for await (const batch of batches) lines.push(...batch);
  return { counts, lines };
}

const LINES = [1, 2, 3].map((id) => decisionLine({ request_id: `é${id}` }));
const TEXT = LINES.map((line) => `${JSON.stringify(line)}\n`).join("");
const TAIL = LINES.map((line) => JSON.stringify({ logs: [{ message: [line] }] }, null, 4)).join("\n");

describe("the lines of a log are read in their order", () => {
  test.each([
    { name: "of plain lines", content: TEXT },
    { name: "of wrangler tail", content: TAIL },
    { name: "without a line break at the end", content: TEXT.trimEnd() },
    { name: "with a byte order mark", content: `\ufeff${TEXT}` },
    { name: "as Windows PowerShell writes them", content: Buffer.from(`\ufeff${TEXT}`, "utf16le") },
    { name: "compressed", content: gzipSync(TEXT) },
    {
      name: "compressed in two parts",
      content: Buffer.concat([gzipSync(TEXT.slice(0, 100)), gzipSync(TEXT.slice(100))]),
    },
  ])("$name", async ({ content }) => {
    const file = fileWith(content);
    const { lines, counts } = await readAll(file);
    expect(lines).toEqual(LINES);
    const bytes = Buffer.byteLength(content);
    expect(counts).toMatchObject({ lines: 3, bytes, totalBytes: bytes, cut: 0, otherText: 0 });
  });

  test.each([
    { name: "plain", content: Buffer.from(TEXT) },
    { name: "as UTF-16", content: Buffer.from(`\ufeff${TEXT}`, "utf16le") },
    { name: "compressed", content: gzipSync(TEXT) },
  ])("from stdin, $name, in pieces that end within characters", async ({ content }) => {
    const pieces = Array.from({ length: Math.ceil(content.length / 3) }, (_, at) =>
      content.subarray(3 * at, 3 * at + 3),
    );
    const { lines, counts } = await readAll("-", Readable.from(pieces));
    expect(lines).toEqual(LINES);
    expect(counts).toMatchObject({ bytes: content.length, totalBytes: undefined });
  });
});

test("an empty log has no lines", async () => {
  expect((await readAll(fileWith(""))).lines).toEqual([]);
});

test("what is no decision line is counted by what it is", async () => {
  const text = [
    "Starting local server...",
    TEXT.trimEnd(),
    JSON.stringify({ event: "keys", v: 1 }),
    JSON.stringify({ event: "shadow", v: 1 }),
    JSON.stringify(decisionLine({ v: 2 })),
    JSON.stringify(decisionLine({ status: null })),
    JSON.stringify({ logs: [], scriptName: "other" }),
    JSON.stringify(decisionLine({})).slice(0, 40),
    `{"a":"${"x".repeat(MAX_LOG_DOCUMENT_LENGTH)}"}`,
    TAIL.slice(0, -20),
  ].join("\n");
  const { counts } = await readAll(fileWith(text));
  expect(counts).toMatchObject({
    ...{ lines: 5, otherText: 1, otherEvent: 2, newerVersion: 1, malformed: 1, withoutLine: 1, cut: 2, tooLong: 1 },
  });
});

test("a log without line breaks is not kept in memory", async () => {
  const piece = Buffer.alloc(1024 * 1024, "x");
  const { counts } = await readAll(
    "-",
    Readable.from(
      (function* () {
        for (let at = 0; at < 40; at += 1) yield piece;
        yield Buffer.from(`\n${TEXT}`);
      })(),
    ),
  );
  expect(counts).toMatchObject({ tooLong: 1, lines: 3 });
});

describe("a log that cannot be read to its end is an error", () => {
  test.each([
    { name: "a file that does not exist", file: () => join(folder, "none") },
    { name: "a folder", file: () => folder },
    { name: "a compressed file that was cut off", file: () => fileWith(gzipSync(TEXT).subarray(0, -9)) },
    { name: "a compressed file that is damaged", file: () => fileWith(gzipSync(TEXT).fill(7, 20, 40)) },
  ])("$name", async ({ file }) => {
    await expect((async () => readAll(file()))()).rejects.toThrow(InputError);
  });
});
