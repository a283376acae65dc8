// The cohort follows its filters at once; without this script the button does the same.
import { say } from "./app.js";

const form = document.querySelector("form.bar");
let flight;

form.addEventListener("change", async () => {
  flight?.abort();
  flight = new AbortController();
  const { signal } = flight;
  const address = `/cohort?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""))}`;
  form.setAttribute("aria-busy", "true");
  try {
    const text = await (await fetch(address, { signal })).text();
    const next = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    while (form.nextSibling) form.nextSibling.remove();
    const own = next.querySelector("form.bar");
    while (own.nextSibling) form.parentNode.append(document.adoptNode(own.nextSibling));
    history.replaceState(null, "", address);
    form.removeAttribute("aria-busy");
  } catch (error) {
    if (error.name !== "AbortError") { form.removeAttribute("aria-busy"); say(error.message, "bad"); }
  }
});
