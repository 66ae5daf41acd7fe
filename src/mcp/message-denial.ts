import { Denial, type MessageReason } from "../answer/denial.ts";
import { MESSAGE_REASONS } from "../answer/message-reasons.ts";

/** Codes of JSON-RPC besides those of malformed messages (MCP 2026-07-28, Error Codes). */
export const METHOD_NOT_FOUND = -32_601;
export const HEADER_MISMATCH = -32_020;
export const UNSUPPORTED_REVISION = -32_022;

/** What the answer to a refused message has, where it differs from the usual one for the reason. */
export interface MessageAnswer {
  /** `error.code` of JSON-RPC. Left out: the HTTP status. */
  readonly code?: number;
  /** The HTTP status. Left out: that of the reason. */
  readonly status?: number;
  /** Further members of `error.data`. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The refusal of a message. */
export class MessageDenial extends Denial {
  readonly code: number | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  /** @param detail one sentence, for the log */
  constructor(reason: MessageReason, detail: string, { code, status, data }: MessageAnswer = {}) {
    const entry = MESSAGE_REASONS[reason];
    super(reason, detail, undefined, undefined, status === undefined ? entry : { ...entry, status });
    this.code = code;
    this.data = data;
  }
}
