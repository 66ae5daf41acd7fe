import { type LiveGateway, readReady } from "../live/read-ready.ts";

/** How long to wait for a deployment to answer, and how often to ask. */
export interface Patience {
  readonly limitMs: number;
  readonly everyMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/**
 * Waits until a gateway is ready and has a policy. Fails after the time limit, with what it said last.
 *
 * @returns `undefined`: it has the policy and is ready
 */
export async function waitForPolicy(origin: string, digest: string, patience: Patience): Promise<string | undefined> {
  const deadline = patience.now() + patience.limitMs;
  for (;;) {
    const answer = await readReady(origin);
    const problem = answer.ok ? whatIsMissing(answer.value, digest) : answer.failure.message;
    if (problem === undefined || patience.now() + patience.everyMs > deadline) return problem;
    await patience.sleep(patience.everyMs);
  }
}

function whatIsMissing(
  { origin, isReady, digest, issuersWithoutKeys }: LiveGateway,
  wanted: string,
): string | undefined {
  if (digest === undefined)
    return `${origin}: The policy is invalid with the gateway's vars. Its log lists the faults.`;
  if (digest !== wanted) return `${origin}: Another policy answers (${digest}).`;
  return isReady ? undefined : `${origin}: The gateway has no usable keys of ${issuersWithoutKeys.join(", ")}.`;
}
