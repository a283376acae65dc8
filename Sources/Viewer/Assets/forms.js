// Forms that change something: their fields go as JSON with the session's token.
import { request } from "./app.js";

for (const form of document.querySelectorAll("form[data-action]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const output = form.querySelector("output"), button = form.querySelector("button");
    const body = {};
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.type === "checkbox") body[field.name] = field.checked;
      else if (field.value !== "") body[field.name] = field.value;
    }
    // A correction names one field of the record.
    if (body.field !== undefined) {
      body.changes = { [body.field]: body.value ?? "" };
      delete body.field;
      delete body.value;
    }
    button.disabled = true;
    output.className = "";
    output.textContent = "…";
    try {
      const { action, method, next } = form.dataset;
      await request(action, { method, body: method === "DELETE" ? undefined : body });
      if (next) location.href = next; else location.reload();
    } catch (error) {
      output.className = "bad";
      output.textContent = error.message;
      button.disabled = false;
    }
  });
}
