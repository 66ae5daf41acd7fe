import { STEP_UP } from "../policy/compiled/optional-modules.ts";
import { createWithAuthentication } from "../token/step-up/with-authentication.ts";

/** Routes that ask how and when their callers authenticated. */
export default { ...STEP_UP, create: createWithAuthentication };
