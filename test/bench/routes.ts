/**
 * `npm run bench:routes`: time of matching, compiling and loading by the number of routes. Runs in Node, on the same
 * V8. With `--write`, the tables go into the page on performance.
 *
 * A match takes the same steps for any number of routes, but it reads other memory. So it is measured for one path
 * again and again, for 100 paths in turn, whose part of the table fits into the processor's caches, and for 1,000,
 * whose part may not. The policy is loaded as the Worker loads it, so that its table holds only what requests have
 * opened.
 */
import { parseArgs } from "node:util";
import { loadCompiledPolicy } from "../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../src/policy/compiled/serialize-policy.ts";
import type { ServedPolicy } from "../../src/policy/policy.ts";
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
/** How much longer a match of 1,000 paths in turn may take with 100,000 routes than with 10. */
const GROWTH_AT_MOST = 2;

// Lets V8 optimize the compiler; `bench:start` measures the first policy of a process.
compile(1_000);
const compiled = COUNTS.map((count) => ({ count, ...compile(count) }));
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

const matching = markdownTable(
  [
    "routes",
    ...PATHS.flatMap((different) => [`ns, ${different} ${different === 1 ? "path" : "paths"}`, "to 10 routes"]),
  ],
  COUNTS.map((count) => [
    count,
    ...PATHS.flatMap((different) => [
      fastest(count, different).toFixed(0),
      (fastest(count, different) / fastest(10, different)).toFixed(2),
    ]),
  ]),
);
const making = markdownTable(
  ["routes", "compile, ms", "per 1,000 routes", "load, ms", "per 1,000 routes", "first match, ms"],
  compiled.map(({ count, compileMs, loadMs, firstMatchMs }) => [
    ...[count, compileMs.toFixed(1), ((compileMs * 1000) / count).toFixed(1)],
    ...[loadMs.toFixed(1), ((loadMs * 1000) / count).toFixed(2), firstMatchMs.toFixed(1)],
  ]),
);
const growth = fastest(100_000, 1_000) / fastest(10, 1_000);
const verdict = `1,000 paths in turn take ${growth.toFixed(2)} times as long with 100,000 routes as with 10. The budget is ${GROWTH_AT_MOST}: ${growth <= GROWTH_AT_MOST ? "met" : "OVER BUDGET"}.`;
const report = [matching, verdict, making].join("\n\n");
console.log(report);
if (write)
  writeSection("docs/measurements/performance.md", "routes", `${report}\n\n${describeRun("npm run bench:routes")}`);

/** The fastest of all rounds in nanoseconds: neighbours on the machine disturb the caches and only add time. */
function fastest(count: number, different: number): number {
  return Math.min(...(cases.find((one) => one.count === count && one.different === different)?.nanoseconds ?? []));
}

/**
 * Compiles and loads a policy, and matches a first path. The times are CPU times of all threads, with garbage
 * collection.
 */
function compile(count: number) {
  const file = policyWithRoutes(count);
  const [compilation, compileMs] = timed(() => compileForWorker(file, {}));
  if (!compilation.ok) throw new Error(`the bench's policy has faults: ${JSON.stringify(compilation.failure)}`);
  const text = JSON.stringify(compilation.value);
  const [loading, loadMs] = timed(() => loadCompiledPolicy(JSON.parse(text), {}, OPTIONAL_MODULES));
  if (!loading.ok) throw new Error(`the compiled policy has faults: ${JSON.stringify(loading.failure)}`);
  const policy = loading.value;
  const [, firstMatchMs] = timed(() => policy.table.match(requestPath(0)));
  return { compileMs, loadMs, firstMatchMs, policy };
}

/** The result of some work, and its CPU time in milliseconds. */
function timed<Value>(work: () => Value): readonly [Value, number] {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return [value, (user + system) / 1000];
}

/**
 * The time of one match of path and method, by the clock: the CPU time of a thread is counted in ticks as long as a
 * round. Throws if a path matches no route.
 */
function matchNanoseconds({ table }: ServedPolicy, paths: readonly string[]): number {
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
