import { connect } from "cloudflare:sockets";

/** The longest time that a service may take to accept a connection. */
const CONNECT_TIMEOUT_MS = 1000;
/** How long an outcome is used, so that a burst of requests does not connect for each. */
const REMEMBERED_MS = 1000;

const known = new Map<string, { readonly answers: boolean; readonly at: number }>();

/** Whether something accepts connections at an origin. Sends nothing, so a real service notices nothing. */
export async function answers(origin: string): Promise<boolean> {
  const remembered = known.get(origin);
  if (remembered && Date.now() - remembered.at < REMEMBERED_MS) return remembered.answers;
  const found = await accepts(new URL(origin));
  known.set(origin, { answers: found, at: Date.now() });
  return found;
}

async function accepts({ protocol, hostname, port }: URL): Promise<boolean> {
  const socket = connect({ hostname, port: Number(port || (protocol === "https:" ? 443 : 80)) });
  const isLate = new Promise<false>((resolve) => setTimeout(resolve, CONNECT_TIMEOUT_MS, false));
  const isOpen = socket.opened.then(
    () => true,
    () => false,
  );
  const found = await Promise.race([isOpen, isLate]);
  await socket.close().catch(() => undefined);
  return found;
}
