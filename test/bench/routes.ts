/**
 * `npm run bench:routes`: what matching and compiling cost, by the number of routes. Runs in Node, on the same V8.
 *
 * What a match does is the same whatever the number of routes; what it has to fetch from memory is not. So it is measured
 * for one path again and again, for 100 in turn, whose part of the table the processor's caches hold, and for 1,000, which
 * they may not.
 */
import { compilePolicy } from "../../src/policy/compile/compile-policy.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { routeFor } from "../../src/policy/routing/route-table.ts";
import { policyWithRoutes, requestPath } from "./many-routes.ts";
import { markdownTable } from "./table.ts";

const COUNTS = [10, 100, 1_000, 10_000, 100_000];
const PATHS = [1, 100, 1_000];
const ROUNDS = 201;
const MATCHES_PER_ROUND = 10_000;

// Compiles the compiler; what the first policy of a process costs is what `bench:start` measures.
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

// Interleaved, so that what else the machine does falls on all alike. The first round does not count.
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const { policy, paths, nanoseconds } of cases) {
    const time = matchNanoseconds(policy, paths);
    if (round > 0) nanoseconds.push(time);
  }
}

console.log(
  markdownTable(
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
  ),
);

/** Of all rounds: what neighbours on the machine do to the caches only ever adds. */
function fastest(count: number, different: number): number {
  return Math.min(...(cases.find((one) => one.count === count && one.different === different)?.nanoseconds ?? []));
}

/** Counts all threads: much of compiling is garbage collection. */
function compile(file: unknown): { readonly compileMs: number; readonly policy: Policy } {
  const before = process.cpuUsage();
  const compilation = compilePolicy(file, {});
  const { user, system } = process.cpuUsage(before);
  if (!compilation.ok) throw new Error(`the bench's policy has faults: ${JSON.stringify(compilation.failure)}`);
  return { compileMs: (user + system) / 1000, policy: compilation.value };
}

/**
 * For one match of path and method. Throws where nothing matches. By the clock, since the CPU time of a thread comes in
 * ticks as long as a round; of the fastest round, so that nothing else that ran meanwhile is in it.
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
