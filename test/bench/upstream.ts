/**
 * The upstream of every gateway: a process of its own that answers each request with the same small document. It
 * speaks just enough HTTP/1.1 for requests without a body or with a short one of known length, so that it never is what
 * limits a gateway.
 */
import { createServer } from "node:net";

const BODY = JSON.stringify({ products: [{ id: "p-1", name: "Mug", price: 12.5 }], next: null });
const ANSWER = [
  "HTTP/1.1 200 OK",
  "content-type: application/json",
  `content-length: ${BODY.length}`,
  "date: Thu, 01 Jan 2026 00:00:00 GMT",
  "",
  BODY,
].join("\r\n");
const END_OF_HEAD = "\r\n\r\n";

const server = createServer({ noDelay: true }, (socket) => {
  let pending = "";
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1");
    for (let end = endOfRequest(pending); end <= pending.length; end = endOfRequest(pending)) {
      pending = pending.slice(end);
      socket.write(ANSWER);
    }
  });
  // A gateway that is stopped resets its connections.
  socket.on("error", () => socket.destroy());
});

/** Where the first request ends; infinite while its head is incomplete. */
function endOfRequest(text: string): number {
  const end = text.indexOf(END_OF_HEAD);
  if (end === -1) return Number.POSITIVE_INFINITY;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0;
  return end + END_OF_HEAD.length + Number(length);
}

server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
// Ends with the bench, however that ends.
process.on("disconnect", () => process.exit());
