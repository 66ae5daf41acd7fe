/** Longest time until the page asks again for events that the console refused to send. A browser does not by itself. */
const AGAIN_MS = 5_000;

/** What a page does with its events. */
export interface Following {
  /** The address of the stream; `undefined`: the page has nothing to follow now. Asked for with each new stream. */
  readonly address: () => string | URL | undefined;
  /** By the name of the event. */
  readonly on: Readonly<Record<string, (data: string) => void>>;
  /** Is called with what to say of the connection; empty: it is there. */
  readonly say: (text: string) => void;
}

/**
 * Follows a stream of events while somebody sees the page, and tries again when it is lost. A browser allows few
 * connections to one address, and a page that nobody sees needs none.
 */
export function followEvents({ address, on, say }: Following): void {
  let events: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    const from = address();
    if (events !== undefined || from === undefined) return;
    const opened = new EventSource(from);
    events = opened;
    for (const [name, take] of Object.entries(on)) opened.addEventListener(name, ({ data }) => take(data));
    opened.addEventListener("open", () => say(""));
    opened.addEventListener("error", () => {
      // The browser connects again by itself, unless the console has answered with an error.
      if (opened.readyState !== EventSource.CLOSED) return say("The console does not answer. The page tries again.");
      say("The console sends no events, because too many pages follow it. The page tries again.");
      disconnect();
      again = setTimeout(connect, AGAIN_MS);
    });
  };
  const disconnect = () => {
    clearTimeout(again);
    events?.close();
    events = undefined;
  };
  const followIfSeen = () => (document.visibilityState === "visible" ? connect() : disconnect());
  document.addEventListener("visibilitychange", followIfSeen);
  followIfSeen();
}
