import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/cli/args/exit-code.ts";
import { unreadableFile } from "../../../src/cli/args/unreadable-file.ts";

const folder = mkdtempSync(join(tmpdir(), "scopegate-unreadable-"));

describe("unreadableFile", () => {
  it.each([
    { name: "a file that is not there", path: join(folder, "none"), expected: "x.json: There is no such file." },
    { name: "a folder", path: folder, expected: "x.json: The file cannot be read." },
  ])("of $name: $expected", ({ path, expected }) => {
    const read = () => {
      try {
        return readFileSync(path);
      } catch (error) {
        throw unreadableFile("x.json", error);
      }
    };
    expect(read).toThrow(InputError);
    expect(read).toThrow(expected);
  });

  it("takes an error without a code for another cause", () => {
    expect(unreadableFile("x.json", new Error("ENOENT")).message).toBe("x.json: The file cannot be read.");
  });
});
