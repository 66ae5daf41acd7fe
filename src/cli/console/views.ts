import { changeEvents, changeView } from "./change/change-view.ts";
import { keysView } from "./keys/keys-view.ts";
import { liveEvents } from "./live/live-events.ts";
import { liveView } from "./live/live-view.ts";
import { routesView } from "./routes/routes-view.ts";
import type { EventsOfView, View } from "./view/view-context.ts";
import { whyView } from "./why/why-view.ts";

/** One view: a page with an address of its own. */
export interface ViewEntry {
  /** `browser/<id>.ts` and `styles/<id>.css` are loaded by this page only, if they are there. */
  readonly id: string;
  readonly path: string;
  /** Its entry in the navigation. */
  readonly label: string;
  /** The start of the page's title. */
  readonly title: string;
  readonly view: View;
  /** Whether it takes a form, which may contain a token. No form changes anything. */
  readonly takesForm?: true;
  /** The stream at `<path>/events`. */
  readonly events?: EventsOfView;
}

/** All views, in the order of the navigation. */
export const VIEWS: readonly ViewEntry[] = [
  { id: "routes", path: "/", label: "Routes", title: "Who may call what", view: routesView },
  { id: "why", path: "/why", label: "Why?", title: "Why?", view: whyView, takesForm: true },
  { id: "live", path: "/live", label: "Live", title: "Live decisions", view: liveView, events: liveEvents },
  {
    id: "change",
    path: "/change",
    label: "Change",
    title: "What the change opens and closes",
    view: changeView,
    events: changeEvents,
  },
  { id: "keys", path: "/keys", label: "Keys", title: "Keys and issuers", view: keysView },
];
