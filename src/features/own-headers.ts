import { missingSecrets } from "../upstream/missing-secrets.ts";
import { createOwnHeaders } from "../upstream/own-headers.ts";

/** Headers that single upstreams get, with secrets in some. */
export default { faults: missingSecrets, create: createOwnHeaders };
