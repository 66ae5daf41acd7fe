import { expect, it } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const NOTHING = { tools: [], resources: [], prompts: [], methods: [] };
const fileWith = (mcp: unknown) => policyFileWith({ guarantees: [{ mcp, never: true }] });

it.each([
  {
    name: "names and beginnings",
    mcp: { tools: ["a", "b_*"], resources: ["o://*"], prompts: ["*"], methods: ["x/y"] },
  },
  { name: "one list", mcp: { methods: ["tools/*"] } },
])("compiles $name", ({ mcp }) => {
  const [guarantee] = compiled(fileWith(mcp)).guarantees;
  expect(guarantee?.mcp).toEqual({ ...NOTHING, ...mcp });
  expect(guarantee?.name).toContain("messages for");
});

it.each([
  { name: "no list", mcp: {}, fault: "$.guarantees[0].mcp: This covers no message." },
  { name: "a star inside", mcp: { tools: ["a*b"] }, fault: "$.guarantees[0].mcp.tools[0]: The `*` is not at the end." },
  { name: "two stars", mcp: { methods: ["a**"] }, fault: "$.guarantees[0].mcp.methods[0]: The `*` is not at the end." },
])("reports $name", ({ mcp, fault }) => {
  expect(faultsOf(fileWith(mcp)).map((it) => it.slice(0, fault.length))).toEqual([fault]);
});
