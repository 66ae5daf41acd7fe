import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { WranglerCall } from "../../../src/cli/deploy/run-wrangler.ts";
import { deployedNamespace, localNamespace, readList, writeList } from "../../../src/cli/revoke/list-in-kv.ts";
import { MAX_REVOKED_VALUE_LENGTH } from "../../../src/limits.ts";
import { type RevocationEntry, serializeRevocations } from "../../../src/revocations/revocation-value.ts";

const ENTRY: RevocationEntry = { issuer: "a", tokenId: "v", until: 2_000 };
const NAMESPACE = deployedNamespace("wrangler.toml", "production");

/** Wrangler with one value, as Cloudflare answers. Each call sees what `values` has next; the last one stays. */
function wranglerWith(...values: readonly (string | undefined)[]) {
  const left = [...values];
  const written: string[] = [];
  const modes: number[] = [];
  const calls: string[][] = [];
  return {
    written,
    modes,
    calls,
    async call(args: readonly string[]): Promise<WranglerCall> {
      calls.push([...args]);
      const [, , verb = ""] = args;
      if (verb === "put") {
        const file = args[args.indexOf("--path") + 1] ?? "";
        written.push(readFileSync(file, "utf8"));
        modes.push(statSync(file).mode & 0o077);
        return { exitCode: 0, stdout: "Writing", stderr: "" };
      }
      if (verb === "list") return { exitCode: 0, stdout: "[]", stderr: "" };
      const value = left.length > 1 ? left.shift() : left[0];
      return value === undefined
        ? { exitCode: 1, stdout: "", stderr: "✘ [ERROR] Failed to fetch https://x - 404: Not Found" }
        : { exitCode: 0, stdout: value, stderr: "" };
    },
  };
}

const fails = (stderr: string) => async (): Promise<WranglerCall> => ({ exitCode: 1, stdout: "", stderr });

describe("the list is read", () => {
  it("as an empty one where there is none", async () => {
    expect(await readList(NAMESPACE, wranglerWith(undefined).call)).toEqual({ entries: [], text: undefined });
  });

  it("as it is", async () => {
    const text = serializeRevocations([ENTRY]);
    expect(await readList(NAMESPACE, wranglerWith(text).call)).toEqual({ entries: [ENTRY], text });
  });

  it.each([
    { name: "a value that is no list", call: wranglerWith("{}").call, says: /is not a list of revocations/ },
    {
      name: "wrangler that fails",
      call: fails("\u001b[31m✘ [ERROR]\u001b[0m No login."),
      says: /read the list: ✘ \[ERROR\] No/,
    },
    { name: "wrangler that fails without a word", call: fails(""), says: /It gave no reason/ },
    {
      name: "a namespace that does not exist",
      call: async (args: readonly string[]) =>
        fails(args[2] === "list" ? "ERROR namespace not found" : "404: Not Found")(),
      says: /namespace not found/,
    },
    {
      name: "a list that KV has and cannot read",
      call: async (args: readonly string[]): Promise<WranglerCall> =>
        args[2] === "list"
          ? { exitCode: 0, stdout: '[{"name":"revocations:v1"}]', stderr: "" }
          : { exitCode: 1, stdout: "", stderr: "404: Not Found" },
      says: /could not read it/,
    },
  ])("never from $name", async ({ call, says }) => {
    await expect(readList(NAMESPACE, call)).rejects.toThrow(says);
  });
});

describe("the list is written", () => {
  it("whole, to a file of its own that only its owner can read, and that is gone afterwards", async () => {
    const { call, written, modes, calls } = wranglerWith(undefined);
    await writeList([ENTRY], await readList(NAMESPACE, call), NAMESPACE, call);
    expect(written).toEqual([serializeRevocations([ENTRY])]);
    if (process.platform !== "win32") expect(modes).toEqual([0]);
    const put = calls.at(-1) ?? [];
    expect(() => statSync(put[put.indexOf("--path") + 1] ?? "")).toThrow("ENOENT");
    expect(put).toEqual(expect.arrayContaining(["--remote", "--env", "production", "--binding", "REVOCATIONS"]));
  });

  it("not if somebody changed it meanwhile", async () => {
    const { call, written } = wranglerWith(undefined, serializeRevocations([ENTRY]));
    const before = await readList(NAMESPACE, call);
    await expect(writeList([], before, NAMESPACE, call)).rejects.toThrow("Somebody else changed the list");
    expect(written).toEqual([]);
  });

  it("not if it is larger than a value of KV", async () => {
    const { call, written } = wranglerWith(undefined);
    const before = await readList(NAMESPACE, call);
    const entry = { ...ENTRY, tokenId: "x".repeat(MAX_REVOKED_VALUE_LENGTH) };
    const entries: RevocationEntry[] = Array.from({ length: 1_650 }, () => entry);
    await expect(writeList(entries, before, NAMESPACE, call)).rejects.toThrow(/and KV takes 26214400/);
    await writeList(entries.slice(0, 1_590), before, NAMESPACE, call);
    expect(written).toHaveLength(1);
  });
});

it("the local stack's namespace is in the folder of its state, and never remote", () => {
  expect(localNamespace("/state")).toEqual([
    "--namespace-id",
    "REVOCATIONS-gateway",
    "--local",
    "--persist-to",
    "/state",
  ]);
});
