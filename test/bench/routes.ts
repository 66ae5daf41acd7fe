/**
 * `npm run bench:routes`: time of matching and compiling by the number of routes. Runs in Node, on the same V8. With
 * `--write`, the table goes into the page on performance.
 *
 * A match takes the same steps for any number of routes, but it reads other memory. So it is measured for one path again
 * and again, for 100 paths in turn, whose part of the table fits into the processor's caches, and for 1,000, whose part
 * may not.
 */
import { parseArgs } from "node:util";
import { compilePolicy } from "../../src/policy/compile/compile-policy.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { routeFor } from "../../src/policy/routing/route-table.ts";
import { markdownTable } from "../support/project/markdown-table.ts";
import { writeSection } from "../support/project/write-section.ts";
import { describeRun } from "./machine.ts";
import { policyWithRoutes, requestPath } from "./many-routes.ts";

const {
  values: { write },
} = parseArgs({ options: { write: { type: "boolean", default: false } } });

const COUNTS = [10, 100, 1_000, 10_000, 100_000];
const PATHS = [1, 100, 1_000];
const ROUNDS = 201;
const MATCHES_PER_ROUND = 10_000;

// Lets V8 optimize the compiler; `bench:start` measures the first policy of a process.
compile(policyWithRoutes(1_000));
const compiled = COUNTS.map((count) => ({ count, ...compile(policyWithRoutes(count)) }));
const cases = compiled.flatMap(({ count, policy }) =>
  PATHS.map((different) => ({
    ...{ count, policy, different },
    // Spread over all routes.
    paths: Array.from({ length: different }, (_, index) => requestPath(Math.floor((index * count) / different))),
    nanoseconds: [] as number[],
  })),
);

// Interleaved, so that other load of the machine affects all cases alike. The first round does not count.
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const { policy, paths, nanoseconds } of cases) {
    const time = matchNanoseconds(policy, paths);
    if (round > 0) nanoseconds.push(time);
  }
}

const table = markdownTable(
  [
    ...[
      "routes",
      ...PATHS.flatMap((different) => [`ns, ${different} ${different === 1 ? "path" : "paths"}`, "to 10 routes"]),
    ],
    ...["compile ms", "µs per route"],
  ],
  compiled.map(({ count, compileMs }) => [
    count,
    ...PATHS.flatMap((different) => [
      fastest(count, different).toFixed(0),
      (fastest(count, different) / fastest(10, different)).toFixed(2),
    ]),
    ...[compileMs.toFixed(1), ((compileMs * 1000) / count).toFixed(1)],
  ]),
);
console.log(table);
if (write)
  writeSection("docs/measurements/performance.md", "routes", `${table}\n\n${describeRun("npm run bench:routes")}`);

/** The fastest of all rounds in nanoseconds: neighbours on the machine disturb the caches and only add time. */
function fastest(count: number, different: number): number {
  return Math.min(...(cases.find((one) => one.count === count && one.different === different)?.nanoseconds ?? []));
}

/** Compiles a policy. The CPU time is that of all threads, because much of it is garbage collection. */
function compile(file: unknown): { readonly compileMs: number; readonly policy: Policy } {
  const before = process.cpuUsage();
  const compilation = compilePolicy(file, {});
  const { user, system } = process.cpuUsage(before);
  if (!compilation.ok) throw new Error(`the bench's policy has faults: ${JSON.stringify(compilation.failure)}`);
  return { compileMs: (user + system) / 1000, policy: compilation.value };
}

/**
 * The time of one match of path and method, by the clock: the CPU time of a thread is counted in ticks as long as a
 * round. Throws if a path matches no route.
 */
function matchNanoseconds({ table }: Policy, paths: readonly string[]): number {
  let found = 0;
  const before = performance.now();
  for (let done = 0; done < MATCHES_PER_ROUND; done += paths.length) {
    for (const path of paths) {
      const leaf = table.match(path);
      if (leaf !== undefined && routeFor(leaf, "GET") !== undefined) found += 1;
    }
  }
  const milliseconds = performance.now() - before;
  if (found !== MATCHES_PER_ROUND) throw new Error(`${MATCHES_PER_ROUND - found} paths matched no route`);
  return (milliseconds * 1e6) / MATCHES_PER_ROUND;
}
