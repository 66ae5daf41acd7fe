import { READY_PATH } from "../../endpoints/ready.ts";
import { POLICY_DIGEST } from "../../policy/compiled/policy-digest.ts";
import { failure, type Result, success } from "../../result.ts";
import { objectAt, stringAt } from "../json-members.ts";
import { askGateway } from "./ask-gateway.ts";

/** What a gateway says of itself. */
export interface LiveGateway {
  readonly origin: string;
  /** Whether it can verify tokens of every issuer. */
  readonly isReady: boolean;
  /**
   * The digest of its policy; `undefined`: the policy has a fault with the gateway's vars, so that nothing is served.
   */
  readonly digest: string | undefined;
  /** Names of the issuers without usable keys, each with the last error, if there was one. */
  readonly issuersWithoutKeys: readonly string[];
}

/** Why a gateway does not say which policy it has. */
export interface NoGateway {
  /** Whether something answered. */
  readonly isReached: boolean;
  /** For people. */
  readonly message: string;
}

/** Reads `/_gateway/ready`, also where it answers 503. Fails if no gateway answers. */
export async function readReady(origin: string): Promise<Result<LiveGateway, NoGateway>> {
  const answer = await askGateway(origin, READY_PATH);
  if (!answer.ok) return failure({ isReached: false, message: answer.failure });
  const { status, json } = answer.value;
  const policy = stringAt(json, "policy");
  const isInvalid = status === 503 && policy === "invalid";
  if ((status !== 200 && status !== 503) || policy === undefined || !(isInvalid || POLICY_DIGEST.test(policy))) {
    return failure({ isReached: true, message: `${origin}: ${whyNoGateway(status, stringAt(json, "status"))}` });
  }
  const issuers = objectAt(json, "issuers");
  return success({
    origin,
    isReady: status === 200,
    digest: isInvalid ? undefined : policy,
    issuersWithoutKeys: Object.keys(issuers).flatMap((name) => {
      const issuer = objectAt(issuers, name);
      if (issuer["usable"] === true) return [];
      const error = stringAt(issuer, "lastError");
      return [error === undefined ? name : `${name} (${error})`];
    }),
  });
}

function whyNoGateway(httpStatus: number, status: string | undefined): string {
  if (status === "ready" || status === "not-ready") {
    return "The gateway does not say which policy it has. It was built by an older version of Scopegate.";
  }
  if (httpStatus === 421) return "The gateway does not serve this host. Write one of the policy's `hosts`.";
  return `${READY_PATH} answers ${httpStatus}, and not as a gateway does. Something else answers at this address.`;
}
