import { expect, it } from "vitest";
import { canCarryId } from "../../../../src/policy/analysis/formulas/client-id.ts";
import { claimAtom, parameterAtom } from "../../../../src/policy/requirements/conditions.ts";

const ofClient = parameterAtom(1, ["client_id"]);

it.each([
  { name: "a plain id", atom: ofClient, id: "app-1", expected: true },
  { name: "an id that is written in percent-encoding", atom: ofClient, id: "my app", expected: true },
  { name: "no id with a slash", atom: ofClient, id: "my/app", expected: false },
  { name: "no id that is a dot segment", atom: ofClient, id: "..", expected: false },
  {
    name: "any id where a segment must equal another claim",
    atom: parameterAtom(1, ["sub"]),
    id: "..",
    expected: true,
  },
  { name: "any id where no segment is compared", atom: claimAtom(["groups"], "staff"), id: "..", expected: true },
])("a path can carry $name", ({ atom, id, expected }) => {
  expect(canCarryId(atom, id)).toBe(expected);
});
