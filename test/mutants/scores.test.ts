import { expect, it } from "vitest";
import { formatScores } from "./scores.ts";

/**
 * A file whose mutants ended so: `k` killed, `t` timed out, `s` survived, `n` not covered, `e` not compiled, `i`
 * ignored.
 */
function file(ends: string) {
  const statuses = { k: "Killed", t: "Timeout", s: "Survived", n: "NoCoverage", e: "CompileError", i: "Ignored" };
  return { mutants: Array.from(ends, (end) => ({ status: statuses[end as keyof typeof statuses] })) };
}

it("counts what a test noticed among all that ran, per folder and in all", () => {
  const report = formatScores({
    token: { files: { "src/token/jws.ts": file("kkkkkkkkt"), "src/token/claims.ts": file("kkkkkkkkksei") } },
    keys: { files: { "src/keys/record.ts": file("ksn") } },
  });
  expect(report.split("\n")).toEqual([
    "| folder      | mutants | score  |",
    "|-------------|--------:|--------|",
    "| `src/token` |      19 | 94.7 % |",
    "| `src/keys`  |       3 | 33.3 % |",
    "| all         |      22 | 86.4 % |",
    "",
    "| file below 90 %      | mutants | score  |",
    "|----------------------|--------:|--------|",
    "| `src/keys/record.ts` |       3 | 33.3 % |",
  ]);
});

it("lists no file at the target, and a file without mutants is at it", () => {
  const report = formatScores({ token: { files: { "a.ts": file("kkkkkkkkks"), "b.ts": file("") } } });
  expect(report).not.toContain("below");
});
