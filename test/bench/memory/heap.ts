import { LOOPBACK } from "../../../src/local/ports.ts";

interface Target {
  readonly id: string;
  readonly webSocketDebuggerUrl: string;
}

/** What the inspector sends: the answer to a call, or what has happened. */
interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly method?: string;
  readonly params?: unknown;
}

/**
 * Bytes of V8's heap that live objects use, after a full collection. Asks the inspector of a workerd with the flag
 * `--expose-gc` for its service `main`. Rejects if it refuses the connection or a call.
 */
export async function liveHeapBytes(inspectorPort: number): Promise<number> {
  const targets = (await (await fetch(`http://${LOOPBACK}:${inspectorPort}/json`)).json()) as readonly Target[];
  const target = targets.find(({ id }) => id === "main");
  if (target === undefined) throw new Error(`the inspector knows no service "main": ${JSON.stringify(targets)}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error("the inspector refused the connection")));
  });
  try {
    const created = nextMessage(socket, ({ method }) => method === "Runtime.executionContextCreated");
    await call(socket, 1, "Runtime.enable");
    const { context } = (await created).params as { readonly context: { readonly id: number } };
    // The inspector's own `HeapProfiler.collectGarbage` can wait forever for an isolate that has nothing to do. The
    // second collection takes what the first one only made unreachable.
    await call(socket, 2, "Runtime.evaluate", { expression: "gc(); gc();", contextId: context.id });
    const { usedSize } = (await call(socket, 3, "Runtime.getHeapUsage")) as { readonly usedSize: number };
    return usedSize;
  } finally {
    socket.close();
  }
}

async function call(socket: WebSocket, id: number, method: string, params: object = {}): Promise<unknown> {
  const answered = nextMessage(socket, (message) => message.id === id);
  socket.send(JSON.stringify({ id, method, params }));
  const answer = await answered;
  const { exceptionDetails } = (answer.result ?? {}) as { readonly exceptionDetails?: unknown };
  if (answer.result === undefined || exceptionDetails !== undefined) {
    throw new Error(`the inspector refused ${method}: ${JSON.stringify(answer)}`);
  }
  return answer.result;
}

function nextMessage(socket: WebSocket, isMeant: (message: Message) => boolean): Promise<Message> {
  return new Promise((resolve) => {
    const onMessage = ({ data }: MessageEvent): void => {
      const message = JSON.parse(String(data)) as Message;
      if (!isMeant(message)) return;
      socket.removeEventListener("message", onMessage);
      resolve(message);
    };
    socket.addEventListener("message", onMessage);
  });
}
