// Comfort only: every page works without this file.
"use strict";

document.querySelector("[role=alert][tabindex]")?.focus();

// « Afficher le mot de passe »
for (const field of document.querySelectorAll("input[type=password][data-reveal]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = field.dataset.reveal;
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.textContent = shown ? field.dataset.reveal : field.dataset.conceal;
  });
  field.after(button);
}

// On a wide screen the filters stand open beside the list.
const filters = document.querySelector("[data-filters]");
if (filters && window.matchMedia("(min-width: 64rem)").matches) filters.open = true;

// Two minutes before the end of the session, one line says so.
const body = document.body;
if (body.dataset.sessionEnd) {
  const end = Number(body.dataset.sessionEnd) * 1000;
  const wait = end - 120000 - Date.now();
  setTimeout(() => {
    const line = document.createElement("p");
    line.className = "block info";
    line.setAttribute("role", "status");
    line.append(body.dataset.sessionText + " ");
    const stay = document.createElement("a");
    stay.href = location.href;
    stay.textContent = body.dataset.sessionStay;
    line.append(stay);
    document.getElementById("contenu").prepend(line);
  }, Math.max(wait, 0));
}
