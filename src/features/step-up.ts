/** Routes that ask how and when their callers authenticated. */
export { createWithAuthentication as default } from "../token/step-up/with-authentication.ts";
