import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DocumentFiles, type DocumentLimits } from "../../../../src/cli/openapi/document/document-files.ts";
import { loadTextParser } from "../../../../src/cli/openapi/document/parse-text.ts";
import { MAX_REFERENCE_HOPS } from "../../../../src/limits.ts";

const parse = await loadTextParser();
const top = mkdtempSync(join(tmpdir(), "scopegate-files-"));
afterAll(() => rmSync(top, { recursive: true }));

function write(name: string, content: unknown): string {
  const file = join(top, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const SECRET = { secret: "outside" };
let entry = "";
beforeAll(() => {
  write("outside.json", SECRET);
  write("folder-2/outside.json", SECRET);
  write("folder/a.json", { a: 1, "x/y~z": { deep: [10, { b: 2 }] }, next: { $ref: "sub/b.yaml#/b" } });
  write("folder/sub/b.yaml", "b: { $ref: '../a.json#/a' }\nup: { $ref: '../../outside.json' }\n");
  write("folder/with space.json", { a: 3 });
  write("folder/bad.json", "a: [");
  symlinkSync(join(top, "outside.json"), join(top, "folder/link.json"));
  symlinkSync(join(top, "folder-2"), join(top, "folder/linked-folder"));
  symlinkSync(join(top, "folder/a.json"), join(top, "folder/inner-link.json"));
  entry = write("folder/openapi.json", { here: { a: 4 }, circle: { $ref: "#/circle" } });
});

function follow(reference: unknown, members: object = {}, limits?: DocumentLimits) {
  const files = new DocumentFiles(entry, parse, limits);
  const root = files.entry();
  if (!root.ok) return root;
  const found = files.follow({ value: { $ref: reference, ...members }, file: root.value.file });
  return found.ok ? { ok: true, value: found.value.value } : found;
}

describe("a reference leads to", () => {
  test.each([
    { name: "a part of the same file", input: "#/here/a", expected: 4 },
    { name: "another file", input: "with%20space.json", expected: { a: 3 } },
    { name: "another file, from the folder", input: "./sub/../a.json#/a", expected: 1 },
    { name: "a part with a slash and a tilde in its name", input: "a.json#/x~1y~0z/deep/1/b", expected: 2 },
    { name: "a further reference, relative to its own file", input: "a.json#/next", expected: 1 },
    { name: "a file by a link inside the folder", input: "inner-link.json#/a", expected: 1 },
  ])("$name", ({ input, expected }) => {
    expect(follow(input)).toEqual({ ok: true, value: expected });
  });

  test("a value although a summary stands beside it", () => {
    expect(follow("#/here/a", { summary: "s", description: "d" })).toEqual({ ok: true, value: 4 });
  });
});

describe("a reference is not followed", () => {
  test.each([
    { name: "over the network", input: "https://api.example/a.json", message: /on the network/ },
    { name: "over the network without a scheme", input: "//api.example/a.json", message: /on the network/ },
    { name: "by the scheme file", input: "file:///etc/passwd", message: /on the network/ },
    { name: "out of the folder", input: "../outside.json", message: /out of the document's folder/ },
    { name: "out of the folder, encoded", input: "%2e%2e/outside.json", message: /out of the document's folder/ },
    {
      name: "out of the folder, by a detour",
      input: "sub/../../outside.json",
      message: /out of the document's folder/,
    },
    { name: "into a folder with a longer name", input: "../folder-2/outside.json", message: /out of the document/ },
    { name: "out of the folder, from another file", input: "sub/b.yaml#/up", message: /out of the document's folder/ },
    { name: "to an absolute path", input: "/etc/passwd", message: /out of the document's folder/ },
    { name: "out of the folder by a link to a file", input: "link.json", message: /out of the document's folder/ },
    { name: "out by a link to a folder", input: "linked-folder/outside.json", message: /out of the document's folder/ },
    { name: "to a path with backslashes", input: "..\\outside.json", message: /out of the document's folder/ },
    { name: "to a file that is not there", input: "none.json", message: /names no file/ },
    { name: "to a folder", input: "sub", message: /is not a file/ },
    { name: "to a file that cannot be read", input: "bad.json", message: /`bad.json` cannot be read/ },
    { name: "to a part that is not there", input: "#/none", message: /leads nowhere/ },
    { name: "to an inherited member", input: "#/here/constructor", message: /leads nowhere/ },
    { name: "to an item that is not there", input: "a.json#/x~1y~0z/deep/2", message: /leads nowhere/ },
    { name: "to an item by a name", input: "a.json#/x~1y~0z/deep/length", message: /leads nowhere/ },
    { name: "to an anchor", input: "#here", message: /leads nowhere/ },
    { name: "with a malformed escape", input: "%zz.json", message: /names no file|leads nowhere/ },
    { name: "with a NUL", input: "a%00.json", message: /names no file/ },
    { name: "in a circle", input: "#/circle", message: /circle/ },
    { name: "if it is no string", input: 5, message: /not a string/ },
  ])("$name", ({ input, message }) => {
    const found = follow(input);
    expect(found).toMatchObject({ ok: false, failure: { message: expect.stringMatching(message) } });
    expect(JSON.stringify(found)).not.toContain('outside\\"}');
  });

  test("if another member stands beside it", () => {
    expect(follow("#/here", { security: [] })).toMatchObject({ ok: false, failure: { message: /`security` stands/ } });
  });
});

describe("the limits", () => {
  const bytes = JSON.stringify({ a: 3 }).length;
  const small = JSON.stringify({ here: { a: 4 }, circle: { $ref: "#/circle" } }).length;
  const most = { fileBytes: small, bytes: small + bytes, files: 2 };
  test.each([
    { name: "of the files, the bytes and the bytes of each file: just inside", limits: most, ok: true },
    { name: "of the files: just outside", limits: { ...most, files: 1 }, ok: false },
    { name: "of the bytes: just outside", limits: { ...most, bytes: most.bytes - 1 }, ok: false },
    { name: "of the bytes of each file: just outside", limits: { ...most, fileBytes: small - 1 }, ok: false },
  ])("$name", ({ limits, ok }) => {
    const found = follow("with%20space.json", {}, limits);
    expect(found).toMatchObject(ok ? { ok } : { ok, failure: { message: expect.stringContaining("too large") } });
  });

  test.each([
    { name: "of references from one to the next: just inside", hops: MAX_REFERENCE_HOPS, ok: true },
    { name: "of references from one to the next: just outside", hops: MAX_REFERENCE_HOPS + 1, ok: false },
  ])("$name", ({ hops, ok }) => {
    const chain = Object.fromEntries(Array.from({ length: hops - 1 }, (_, hop) => [hop, { $ref: `#/${hop + 1}` }]));
    write("folder/chain.json", { ...chain, [hops - 1]: "end" });
    expect(follow("chain.json#/0")).toMatchObject(ok ? { ok, value: "end" } : { ok });
  });
});
