import { describe, expect, it } from "vitest";
import { importSigningKeys, parseSigningKeys } from "../../../../src/assertion/signing-keys.ts";
import { scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
let files = 0;
const save = (text: string): string => {
  files += 1;
  return scratch.write(`keys-${files}.json`, text);
};
const kidsIn = (text: string): string[] => JSON.parse(text).keys.map(({ kid }: { kid: string }) => kid);

describe("scopegate keys", () => {
  it.each(["ES256", "EdDSA"] as const)("makes a set that the gateway can sign with: %s", async (algorithm) => {
    const { exitCode, stdout, stderr } = await scopegate("keys", "--algorithm", algorithm);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const parsed = parseSigningKeys(stdout, algorithm);
    expect(parsed.ok && (await importSigningKeys(parsed.value)).ok).toBe(true);
    expect(kidsIn(stdout)).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d-[0-9a-f]{8}$/)]);
  });

  it("adds a key at the end, moves it to the front, and removes the old one", async () => {
    const first = (await scopegate("keys")).stdout;
    const added = (await scopegate("keys", "--from", save(first))).stdout;
    const [old = "", fresh = ""] = kidsIn(added);
    expect([[old], 2]).toEqual([kidsIn(first), kidsIn(added).length]);
    const moved = (await scopegate("keys", "--from", save(added), "--first", fresh)).stdout;
    expect(kidsIn(moved)).toEqual([fresh, old]);
    const removed = (await scopegate("keys", "--from", save(moved), "--remove", old)).stdout;
    expect(kidsIn(removed)).toEqual([fresh]);
    expect(parseSigningKeys(removed, "ES256").ok).toBe(true);
  });

  it("prints the public halves only, if it is asked to", async () => {
    const set = (await scopegate("keys")).stdout;
    const { stdout } = await scopegate("keys", "--from", save(set), "--public");
    expect(Object.keys(JSON.parse(stdout).keys[0]).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
  });

  it("refuses what it cannot do, and repeats nothing of the set", async () => {
    const set = (await scopegate("keys")).stdout;
    const file = save(set);
    const [kid = ""] = kidsIn(set);
    const { d } = JSON.parse(set).keys[0];
    const broken = save(set.replace('"P-256"', '"P-384"'));
    for (const args of [
      ["--first", "k"],
      ["--from", file, "--first", "unknown"],
      ["--from", file, "--remove", kid],
      ["--from", file, "--first", kid, "--public"],
      ["--from", broken],
      ["--from", `${file}.missing`],
    ]) {
      const { exitCode, stdout, stderr } = await scopegate("keys", ...args);
      expect([exitCode, stdout, stderr.includes(d)]).toEqual([2, "", false]);
      expect(stderr).not.toBe("");
    }
  });
});
