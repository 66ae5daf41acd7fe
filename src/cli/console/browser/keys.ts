// Asks for the page again while somebody looks at it, and changes what differs. What is focused and scrolled to stays.

import { showFaults } from "./show-faults.ts";

const EVERY_MS = 5_000;
const issuers = document.getElementById("issuers");
const status = document.getElementById("keys-status");

// Without a gateway, nothing changes by itself.
if (issuers && status) follow(issuers, status);

function follow(shown: HTMLElement, says: HTMLElement): void {
  let isAsking = false;
  const ask = () => {
    if (isAsking || document.visibilityState !== "visible") return;
    isAsking = true;
    const request = new XMLHttpRequest();
    // The browser parses the page as a document in which no script runs.
    request.responseType = "document";
    request.open("GET", location.pathname);
    request.addEventListener("loadend", () => {
      isAsking = false;
      const page: unknown = request.response;
      if (page instanceof Document) showFaults(page);
      const next = page instanceof Document ? page.getElementById("issuers") : null;
      if (next) update(shown, next);
      const text = next ? "" : "The console does not answer. The page tries again.";
      if (says.textContent !== text) says.textContent = text;
    });
    request.send();
  };
  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
}

/** Makes an element like another one. Elements that are alike stay, and get what differs in them. */
function update(element: Element, next: Element): void {
  for (const { name, value } of next.attributes)
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  const [nodes, nextNodes] = [Array.from(element.childNodes), Array.from(next.childNodes)];
  for (const [at, nextNode] of nextNodes.entries()) {
    const node = nodes[at];
    if (node === undefined) element.append(document.importNode(nextNode, true));
    else if (node instanceof Element && nextNode instanceof Element && node.tagName === nextNode.tagName)
      update(node, nextNode);
    else if (node.nodeType !== nextNode.nodeType || node instanceof Element)
      node.replaceWith(document.importNode(nextNode, true));
    else if (node.nodeValue !== nextNode.nodeValue) node.nodeValue = nextNode.nodeValue;
  }
  for (const node of nodes.slice(nextNodes.length)) node.remove();
}
