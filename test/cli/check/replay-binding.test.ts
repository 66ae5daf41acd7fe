import { expect, it } from "vitest";
import { replayBinding } from "../../../src/cli/check/replay-binding.ts";
import type { WranglerSettings } from "../../../src/cli/policy-file/read-environments.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const GLOBAL = { dpop: { replay: "global" } };
const BOUND = { durable_objects: { bindings: [{ name: "REPLAY", class_name: "ReplayGuard" }] } };
const NO_BINDING = "There is no Durable Object `REPLAY` of the class `ReplayGuard`, which `replay` needs.";
const NO_CLASS = "No migration makes the class `ReplayGuard` with SQLite storage.";

it.each<{ name: string; members?: object; settings: WranglerSettings | undefined; expected: string[] }>([
  { name: "nothing without dpop", members: {}, settings: {}, expected: [] },
  { name: "nothing with the memory of each isolate", members: { dpop: {} }, settings: {}, expected: [] },
  { name: "nothing where there is no wrangler file", settings: undefined, expected: [] },
  {
    name: "nothing with the binding and its migration",
    settings: { ...BOUND, migrations: [{}, { new_sqlite_classes: ["Other", "ReplayGuard"] }] },
    expected: [],
  },
  {
    name: "nothing with the binding and a declared class",
    settings: { ...BOUND, exports: { ReplayGuard: { storage: "sqlite" } } },
    expected: [],
  },
  {
    name: "nothing with an object of another Worker",
    settings: {
      durable_objects: { bindings: [{ name: "REPLAY", class_name: "ReplayGuard", script_name: "guards" }] },
    },
    expected: [],
  },
  { name: "a missing binding", settings: {}, expected: [NO_BINDING] },
  {
    name: "a binding of another class",
    settings: { durable_objects: { bindings: [{ name: "REPLAY", class_name: "Other" }] } },
    expected: [NO_BINDING],
  },
  {
    name: "a binding of another name",
    settings: { durable_objects: { bindings: [{ name: "replay", class_name: "ReplayGuard" }] } },
    expected: [NO_BINDING],
  },
  { name: "a missing migration", settings: { ...BOUND, migrations: [] }, expected: [NO_CLASS] },
  {
    name: "a class with other storage",
    settings: { ...BOUND, exports: { ReplayGuard: { storage: "legacy-kv" } } },
    expected: [NO_CLASS],
  },
])("check finds $name", ({ members = GLOBAL, settings, expected }) => {
  const found = replayBinding(compiled(policyFileWith({ ...members })), settings);
  expect(found.map(({ message }) => message)).toEqual(expected);
  for (const { code, severity, path } of found) {
    expect([code, severity, path]).toEqual(["unbound-replay", "error", ["dpop", "replay"]]);
  }
});

const scratch = scratchDirectory();

it("check names the environments that lack the object or its migration, as wrangler reads them", async () => {
  const policy = scratch.write("routes.json", JSON.stringify(policyFileWith(GLOBAL)));
  const bound = 'durable_objects = { bindings = [{ name = "REPLAY", class_name = "ReplayGuard" }] }\n';
  scratch.write(
    "wrangler.toml",
    `name = "gateway"\n${bound}migrations = [{ tag = "v1", new_sqlite_classes = ["ReplayGuard"] }]\n` +
      `[env.bound]\n${bound}[env.unbound]\n[env.unmade]\n${bound}migrations = []\n`,
  );
  const { stdout, exitCode } = await scopegate("check", "--policy", policy, "--json");
  const { findings } = JSON.parse(stdout) as { findings: { code: string; message: string; environments?: string[] }[] };
  expect(exitCode).toBe(1);
  expect(findings.filter(({ code }) => code === "unbound-replay")).toMatchObject([
    { message: NO_BINDING, environments: ["unbound"] },
    { message: NO_CLASS, environments: ["unmade"] },
  ]);
});
