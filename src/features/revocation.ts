import { createRevocations, MISSING_REVOCATIONS } from "../revocations/revocation-check.ts";

/** The list of revoked tokens. */
export default {
  /** The fault of a Worker without the namespace. */
  faults: ({ REVOCATIONS }: { readonly REVOCATIONS?: unknown }) =>
    REVOCATIONS === undefined ? [MISSING_REVOCATIONS] : [],
  create: createRevocations,
};
