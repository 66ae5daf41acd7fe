import { expect, it } from "vitest";
import { closesSomething } from "../../../src/cli/diff/change-kinds.ts";
import type { SettingChange } from "../../../src/policy/analysis/diff/settings/setting-change.ts";

const NOTHING = { routes: [], settings: [], clients: [] };
const setting = (kind: SettingChange["kind"]): SettingChange => ({ kind, path: [], message: "" });
const call = { methods: ["GET"], route: {} as never, witness: { method: "GET", path: "/" }, note: undefined };
const client = { client: "web", isNameReused: false, gained: [], lost: [], unenforced: [] };

it.each([
  { name: "nothing", difference: NOTHING, expected: false },
  { name: "a tighter setting", difference: { ...NOTHING, settings: [setting("tighter")] }, expected: true },
  { name: "something removed", difference: { ...NOTHING, settings: [setting("removed")] }, expected: true },
  { name: "something incomparable", difference: { ...NOTHING, settings: [setting("incomparable")] }, expected: true },
  { name: "a looser setting", difference: { ...NOTHING, settings: [setting("looser")] }, expected: false },
  {
    name: "a client that loses a call",
    difference: { ...NOTHING, clients: [{ ...client, lost: [call] }] },
    expected: true,
  },
  {
    name: "a client that gains a call",
    difference: { ...NOTHING, clients: [{ ...client, gained: [call] }] },
    expected: false,
  },
])("$name closes something: $expected", ({ difference, expected }) => {
  expect(closesSomething(difference)).toBe(expected);
});
