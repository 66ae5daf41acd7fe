import { CALLERS, TYPES } from "./caller-messages.ts";
import { DECIDED, URIS } from "./decided-messages.ts";
import { HEADERS } from "./header-messages.ts";
import { DOUBLED, FREE, LOOKALIKES, MALFORMED } from "./unclear-messages.ts";
import type { WireMessage } from "./wire-message.ts";

/** All of them. */
export const WIRE_MESSAGES: readonly WireMessage[] = [
  ...DECIDED,
  ...URIS,
  ...MALFORMED,
  ...DOUBLED,
  ...LOOKALIKES,
  ...FREE,
  ...HEADERS,
  ...TYPES,
  ...CALLERS,
];
