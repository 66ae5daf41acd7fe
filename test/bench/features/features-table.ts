import { markdownTable } from "../../support/project/markdown-table.ts";
import type { Samples, Work } from "../measure.ts";
import { gatewaySamples, ratioSpread, type Spread } from "../report/results.ts";
import { spreadText } from "../report/tables.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { elsewhere, type FeatureWorker, PLAIN_ALL } from "./feature-workers.ts";

/** What a capability may cost that no request uses: its share of the CPU time of the shop. */
const UNUSED_AT_MOST = 0.03;

/** CPU per request relative to the shop without the capability: unused and used, for each work. */
export function featuresTable(
  workers: readonly Pick<FeatureWorker, "name" | "base">[],
  all: readonly Samples[],
  works: readonly Work[],
): string {
  const ratios = (name: string): readonly Spread[] => {
    const worker = workers.find((one) => one.name === name);
    if (worker === undefined) return [];
    return works.map((work) => ratioSpread(gatewaySamples(all, name, work), gatewaySamples(all, worker.base, work)));
  };
  const row = (name: string, unused: readonly Spread[], used: readonly Spread[], usedAtMost?: number) => [
    name,
    ...works.map((_, index) => cell(unused[index])),
    verdict(unused, 1 + UNUSED_AT_MOST),
    ...works.map((_, index) => cell(used[index])),
    usedAtMost === undefined ? "" : `${usedAtMost}: ${verdict(used, usedAtMost)}`,
  ];
  return markdownTable(
    [
      "CPU to the plain shop: p10 / p50 / p90",
      ...works.map(({ workload }) => `unused, ${workload}`),
      `unused within ${UNUSED_AT_MOST}`,
      ...works.map(({ workload }) => `used, ${workload}`),
      "used within",
    ],
    [
      row("all modules in the Worker", ratios(PLAIN_ALL), []),
      ...CAPABILITIES.map(({ name, usedAtMost }) => row(name, ratios(elsewhere(name)), ratios(name), usedAtMost)),
    ],
  );
}

/** Whether the median of each work is within a bound; empty if nothing was measured. */
function verdict(ratios: readonly Spread[], atMost: number): string {
  if (ratios.length === 0) return "";
  return ratios.every(({ p50 }) => p50 <= atMost) ? "met" : "OVER BUDGET";
}

function cell(spread: Spread | undefined): string {
  return spread === undefined ? "" : spreadText(spread);
}
