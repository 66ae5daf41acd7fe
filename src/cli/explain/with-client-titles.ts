import type { Explanation } from "../../explain/explanation.ts";
import { clientTitle } from "../../policy/analysis/clients/client-title.ts";
import type { Policy } from "../../policy/policy.ts";

/** The explanation for people: behind the key of each client that it lists stands what people call the client. */
export function withClientTitles(explanation: Explanation, policy: Pick<Policy, "clientNames">): Explanation {
  const { requirement, message } = explanation;
  const titled = (keys: readonly string[]): readonly string[] => keys.map((key) => `${key}${clientTitle(key, policy)}`);
  return {
    ...explanation,
    requirement: requirement && {
      ...requirement,
      sufficient: requirement.sufficient.map((set) => ({ ...set, clients: titled(set.clients) })),
    },
    ...(message && { message: { ...message, clients: titled(message.clients) } }),
  };
}
