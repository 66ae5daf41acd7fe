import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import type { ViewContext } from "../view/view-context.ts";

/** How many lines the gateway has logged, or how to get a gateway. */
export function liveView({ stack }: ViewContext): Html {
  const said =
    stack === undefined
      ? "The console runs without a gateway: start both with npm run dev."
      : `The gateway at ${stack.gatewayUrl} logged ${counted(stack.recentLines().length, "line")}.`;
  return html`<h1>Live decisions</h1>
<p>${said}</p>`;
}
