/** Published prices of the Workers Paid plan: https://developers.cloudflare.com/kv/platform/pricing/ */
const INCLUDED_READS = 10_000_000;
const INCLUDED_WRITES = 1_000_000;
const DOLLARS_PER_READ = 0.5 / 1_000_000;
const DOLLARS_PER_WRITE = 5 / 1_000_000;

/** What KV costs in a month, in dollars, on top of the plan. A read that finds nothing costs as much as any. */
export function kvDollars(readsPerMonth: number, writesPerMonth: number): number {
  const reads = Math.max(0, readsPerMonth - INCLUDED_READS) * DOLLARS_PER_READ;
  return reads + Math.max(0, writesPerMonth - INCLUDED_WRITES) * DOLLARS_PER_WRITE;
}
