import { describe, expect, it } from "vitest";
import { miniflareState } from "../../../../src/cli/dev/local-state.ts";
import { startWorkers } from "../../../../src/local/miniflare.ts";
import { parseRevocations } from "../../../../src/revocations/revocation-value.ts";
import { exampleFile, scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const policy = scratch.write("routes.json", exampleFile({ revocation: {} }));
const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln";

describe("scopegate revoke", () => {
  it("adds, shows and takes off revocations with the real wrangler", async () => {
    const state = scratch.folder().path;
    const revoke = (...args: string[]) =>
      scopegate("revoke", ...args, "--policy", policy, "--local", "--persist-to", state);
    expect(await revoke("--list")).toMatchObject({ exitCode: 0, stdout: "Nothing is revoked.\n" });
    const added = await revoke("--subject", "u-1", "--until", "2999-01-01T00:00:00Z");
    expect(added.stdout).toBe(
      "Revoked until 2999-01-01T00:00:00Z. The list had 0 revocations, and has 1 now.\n" +
        "That counts everywhere within 120 seconds.\n",
    );
    await revoke("--session", "__proto__", "--issuer", "cognito");
    const { entries } = JSON.parse((await revoke("--list", "--json")).stdout);
    expect(entries).toEqual([
      { issuer: "cognito", subject: "u-1", notBefore: expect.any(Number), until: 32_472_144_000 },
      { issuer: "cognito", session: "__proto__", until: expect.any(Number) },
    ]);
    expect(entries[1].until - entries[0].notBefore).toBeGreaterThanOrEqual(86_400);
    expect((await revoke("--subject", "u-1", "--undo")).stdout).toMatch(/^No longer revoked\. .* and has 1 now\./);
    const again = await revoke("--subject", "u-1", "--undo");
    expect([again.exitCode, again.stderr]).toEqual([1, "The list has no such entry. Nothing was written.\n"]);
  }, 120_000);

  it("changes the list of a local stack that runs", async () => {
    const state = scratch.folder().path;
    const script =
      "export default { fetch: async (_, env) => new Response(await env.REVOCATIONS.get('revocations:v1')) };";
    const stack = await startWorkers({
      workers: [{ name: "gateway", script, kv: ["REVOCATIONS"] }],
      persist: miniflareState(state),
    });
    try {
      const read = async () => (await fetch(stack.urls["gateway"] ?? "")).text();
      expect(await read()).toBe("");
      await scopegate("revoke", "--client", "shop", "--policy", policy, "--local", "--persist-to", state);
      expect(parseRevocations(await read())).toMatchObject([{ issuer: "cognito", client: "shop" }]);
    } finally {
      await stack.dispose();
    }
  }, 60_000);

  it.each([
    { args: [], says: "Give one of --subject, --client, --token-id and --session, or --list." },
    { args: ["--subject", "a", "--client", "b"], says: "Give one of --subject" },
    { args: ["--token-id", TOKEN], says: "This is a token." },
    { args: ["--subject", `Bearer ${TOKEN}`], says: "This is a token." },
    { args: ["--token-id", "ewogImFsZyI6ICJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln"], says: "This is a token." },
    { args: ["--subject", "a", "--until", "2027-02-30T00:00:00Z"], says: "--until: This is not a time." },
    { args: ["--subject", "a", "--issuer", "cognitoo"], says: "Did you mean `cognito`?" },
    { args: ["--subject", "a", "--until", "tomorrow"], says: "--until: This is not a time." },
    { args: ["--subject", "a", "--until", "2020-01-01T00:00:00Z"], says: "--until is in the past." },
    { args: ["--list", "--undo"], says: "Give one of --list and --undo." },
    { args: ["--subject", "a", "--json"], says: "--json is for --list." },
    { args: ["--list", "--persist-to", "x"], says: "--persist-to is for --local." },
    { args: ["--list"], says: "There is no wrangler file beside the policy." },
  ])("refuses $args, and repeats no token", async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await scopegate("revoke", ...args, "--policy", policy);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("eyJ");
  });

  it.each([
    { name: "no environment is named", args: [], says: "Give --env. Known: top level, production." },
    {
      name: "there is no such one",
      args: ["--env", "x"],
      says: "There is no environment x. Known: top level, production.",
    },
    {
      name: "it lacks the namespace",
      args: ["--env", "production"],
      says: "There is no KV namespace `REVOCATIONS` in production.",
    },
  ])("chooses no environment by itself: $name", async ({ args, says }) => {
    const folder = scratch.folder();
    const file = folder.write("routes.json", exampleFile());
    folder.write("wrangler.toml", 'name = "g"\nkv_namespaces = [{ binding = "REVOCATIONS" }]\n[env.production]\n');
    const { exitCode, stderr } = await scopegate("revoke", "--list", "--policy", file, ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});
