const token = document.querySelector<HTMLTextAreaElement>("#token");
const answer = document.querySelector<HTMLElement>(".answer[data-from=token]");

// Whoever comes back to this page, or looks at a copy that the browser kept, must find neither the token nor what is in it.
addEventListener("pagehide", () => {
  if (token !== null) token.value = "";
  answer?.remove();
});

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  const said = button.parentElement?.querySelector<HTMLElement>(".copied");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const address = new URL(button.dataset["copy"] ?? "", location.origin).href;
    const text = await navigator.clipboard.writeText(address).then(
      () => "Copied.",
      () => "The browser refuses. Copy the address of the link.",
    );
    if (said) said.textContent = text;
  });
}

export {};
