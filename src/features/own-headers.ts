import { OWN_HEADERS } from "../policy/compiled/optional-modules.ts";
import { missingSecrets } from "../upstream/missing-secrets.ts";
import { createOwnHeaders } from "../upstream/own-headers.ts";

/** Headers that single upstreams get, with secrets in some, and unusual names of headers that single upstreams take. */
export default { ...OWN_HEADERS, faults: missingSecrets, create: createOwnHeaders };
