import { expect, it } from "vitest";
import { sendToPublicRoute } from "../support/upstream/public-gateway.ts";

/** gunicorn takes its mount point from `SCRIPT_NAME`, so `/static/admin` was served as `/admin`, without a token. */
it.each(["SCRIPT_NAME", "script_name", "Script-Name", "X-Script-Name", "X_Script_Name", "PATH_INFO"])(
  "a caller's %s does not reach the upstream",
  async (name) => {
    const headers = { [name]: "/static", accept: "text/plain" };
    const { reached } = await sendToPublicRoute(new Request("https://gw.example/static/admin", { headers }));
    expect(reached.map((sent) => [sent.headers.has(name), sent.headers.get("accept")])).toEqual([
      [false, "text/plain"],
    ]);
  },
);
