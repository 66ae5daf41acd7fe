import { expect, it } from "vitest";
import { diffHosts } from "../../../../../src/policy/analysis/diff/settings/diff-hosts.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

type Hosts = readonly string[];

/** What the diff notes between two lists of hosts. */
function changesOf(was: Hosts | undefined, is: Hosts | undefined): string[] {
  const [before, after] = [was, is].map((hosts) => compiled(policyFileWith(hosts === undefined ? {} : { hosts })));
  const changes: string[] = [];
  if (before && after) {
    diffHosts(before, after, (kind, path, message) => changes.push(`${kind} ${jsonPath(path)}: ${message}`));
  }
  return changes;
}

it.each<{ name: string; was?: Hosts; is?: Hosts; expected: string[] }>([
  { name: "nothing where there is none", expected: [] },
  { name: "nothing in another order", was: ["a.example", "b.example"], is: ["b.example", "a.example"], expected: [] },
  { name: "nothing for another name of the own machine", was: ["localhost"], is: ["127.0.0.1", "[::1]"], expected: [] },
  {
    name: "a list where there was none",
    is: ["a.example", "b.example"],
    expected: ["tighter $.hosts: Only requests for a.example, b.example are now served."],
  },
  {
    name: "none where there was a list",
    was: ["a.example"],
    expected: ["looser $.hosts: Requests for every host are now served."],
  },
  {
    name: "one more",
    was: ["a.example"],
    is: ["a.example", "b.example"],
    expected: ["looser $.hosts: Requests for b.example are now served."],
  },
  {
    name: "one less",
    was: ["a.example", "b.example"],
    is: ["a.example"],
    expected: ["tighter $.hosts: Requests for b.example are no longer served."],
  },
  {
    name: "another one",
    was: ["a.example"],
    is: ["b.example"],
    expected: [
      "looser $.hosts: Requests for b.example are now served.",
      "tighter $.hosts: Requests for a.example are no longer served.",
    ],
  },
])("notes $name", ({ was, is, expected }) => {
  expect(changesOf(was, is)).toEqual(expected);
});
