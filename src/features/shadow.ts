/** A candidate policy that judges each request, too. */
export { createShadow as default } from "../shadow/create-shadow.ts";
