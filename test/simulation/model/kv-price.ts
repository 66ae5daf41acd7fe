/** Published prices of the Workers Paid plan: https://developers.cloudflare.com/kv/platform/pricing/ */
const INCLUDED_READS = 10_000_000;
const INCLUDED_WRITES = 1_000_000;
const DOLLARS_PER_READ = 0.5 / 1_000_000;
const DOLLARS_PER_WRITE = 5 / 1_000_000;

/** The price of KV per month, in dollars, beyond what the plan includes. A read that finds nothing costs the same. */
export function kvDollars(readsPerMonth: number, writesPerMonth: number): number {
  const reads = Math.max(0, readsPerMonth - INCLUDED_READS) * DOLLARS_PER_READ;
  return reads + Math.max(0, writesPerMonth - INCLUDED_WRITES) * DOLLARS_PER_WRITE;
}
