import { expect, test } from "vitest";
import { clientTitle } from "../../../../src/policy/analysis/clients/client-title.ts";

const clientNames = new Map([
  ["web", "Web shop"],
  ["batch", "batch"],
]);

test.each([
  { name: "the name in brackets", key: "web", names: { clientNames }, expected: " (Web shop)" },
  { name: "nothing for a name that is the key", key: "batch", names: { clientNames }, expected: "" },
  { name: "nothing for a client without a name", key: "other", names: { clientNames }, expected: "" },
  { name: "nothing where no client has a name", key: "web", names: {}, expected: "" },
])("is $name", ({ key, names, expected }) => {
  expect(clientTitle(key, names)).toBe(expected);
});
