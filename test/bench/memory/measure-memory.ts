import { randomUUID } from "node:crypto";
import { benchWorkers, gatewayCompatibility } from "../gateways.ts";
import { Client } from "../load/load.ts";
import { requestWriter } from "../load/requests.ts";
import type { Session } from "../session.ts";
import { startWorkerd } from "../workerd.ts";
import { liveHeapBytes } from "./heap.ts";

/** As many as an isolate remembers. */
const TOKENS = 10_000;
const TOKEN_BYTES = 800;
const HEAP_AT_MOST_MEBIBYTES = 12;
/** Requests with one other token before the first measurement, so that what the code needs is there. */
const WARM_UP_REQUESTS = 2_000;
const CONNECTIONS = 16;

/** What remembered tokens keep. */
export interface MemoryResult {
  readonly tokens: number;
  readonly token_bytes: number;
  readonly heap_bytes: number;
  readonly bytes_per_token: number;
}

/**
 * Measures how much the live heap of the gateway grows while it remembers tokens: one request with each of `TOKENS`
 * different tokens.
 */
export async function measureMemory({ issuer, environment, upstreamHost }: Session): Promise<MemoryResult> {
  const { issuer: url } = environment;
  const worker = (await benchWorkers(environment)).find(({ name }) => name === "scopegate");
  if (worker === undefined) throw new Error("the bench has no gateway");
  const [first, ...tokens] = await issuer.sign(Array.from({ length: TOKENS + 1 }, () => shortClaims(url)));
  const wrong = tokens.find((token) => token.length !== TOKEN_BYTES);
  if (wrong !== undefined) throw new Error(`a token has ${wrong.length} bytes instead of ${TOKEN_BYTES}`);
  const gateway = await startWorkerd(
    { ...worker, hasInspector: true, v8Flags: ["--expose-gc"] },
    gatewayCompatibility(),
  );
  try {
    const { port, inspectorPort } = gateway;
    if (inspectorPort === undefined) throw new Error("workerd has no inspector");
    const client = await Client.open(port, CONNECTIONS);
    const write = requestWriter(upstreamHost, 3);
    await client.saturate({ next: () => write(first), expectedStatus: 200 }, WARM_UP_REQUESTS);
    const before = await liveHeapBytes(inspectorPort);
    await client.saturate({ next: () => write(tokens.pop()), expectedStatus: 200 }, TOKENS);
    client.close();
    const bytes = (await liveHeapBytes(inspectorPort)) - before;
    return {
      ...{ tokens: TOKENS, token_bytes: TOKEN_BYTES },
      ...{ heap_bytes: bytes, bytes_per_token: Math.round(bytes / TOKENS) },
    };
  } finally {
    await gateway.stop();
  }
}

/** One line of the report, with its budget. */
export function memoryText({ tokens, token_bytes, heap_bytes, bytes_per_token }: MemoryResult): string {
  const mebibytes = heap_bytes / 2 ** 20;
  const verdict = mebibytes <= HEAP_AT_MOST_MEBIBYTES ? "met" : "OVER BUDGET";
  return [
    `memory: ${tokens} remembered tokens of ${token_bytes} bytes keep ${mebibytes.toFixed(1)} MiB of heap,`,
    `${bytes_per_token} bytes each (budget: ${HEAP_AT_MOST_MEBIBYTES} MiB, ${verdict})`,
  ].join("\n");
}

/** A token with one scope. `username` fills it up to the size. */
function shortClaims(issuer: string): Readonly<Record<string, unknown>> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: randomUUID(),
    token_use: "access",
    scope: "https://api.myecommerce.com/read:products",
    iss: issuer,
    exp: now + 3_600,
    iat: now,
    jti: randomUUID(),
    client_id: "customer",
  };
  const room = PAYLOAD_BYTES - JSON.stringify({ ...claims, username: "" }).length;
  return { ...claims, username: "u".repeat(Math.max(0, room)) };
}

/**
 * What is left of the token: its dots, the signature and the header take the rest, and base64url makes 4 bytes of 3.
 */
const PAYLOAD_BYTES = 282;
