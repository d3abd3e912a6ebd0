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

// A message is kept as a draft while it is written, five seconds after the last letter. What is
// sent meanwhile waits for that: else its draft would come after it.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const line = form.querySelector("[data-saved]");
  let timer = 0;
  let keeping = null;
  const keep = async () => {
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
      });
      const told = await answer.json();
      form.elements.fil.value = told.fil;
      line.textContent = told.dit;
    } catch {
      line.textContent = line.dataset.saved;
    }
    keeping = null;
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { keeping = keep(); }, 5000);
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (!keeping) return;
    event.preventDefault();
    await keeping;
    form.requestSubmit(event.submitter);
  });
}

// On a wide screen the filters stand open beside the list.
const filters = document.querySelector("[data-filters]");
if (filters && window.matchMedia("(min-width: 64rem)").matches) filters.open = true;

// Two minutes before the end of the session, one line says so. « Rester connecté » asks for a page
// behind the scenes: the one that is open, and what was typed in it, stay.
const body = document.body;

function watch(ending) {
  const wait = Number(ending.sessionEnd) * 1000 - 120000 - Date.now();
  setTimeout(() => warn(ending), Math.max(wait, 0));
}

function warn(ending) {
  const line = document.createElement("p");
  line.className = "block info";
  line.setAttribute("role", "status");
  line.append(ending.sessionText + " ");
  const stay = document.createElement("button");
  stay.type = "button";
  stay.className = "button plain";
  stay.textContent = ending.sessionStay;
  stay.addEventListener("click", () => renew(line));
  line.append(stay);
  document.getElementById("contenu").prepend(line);
}

async function renew(line) {
  try {
    const answer = await fetch("/aide");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.body.dataset.sessionEnd) {
      line.remove();
      watch(page.body.dataset);
      return;
    }
  } catch {
    // No network: the page asked for below says so.
  }
  location.assign(body.dataset.sessionHome);
}

if (body.dataset.sessionEnd) watch(body.dataset);

// Installed on a device, these pages keep their shell there, and nothing else (worker.js).
if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/worker.js").then((kept) => {
    kept.addEventListener("updatefound", () => {
      const fresh = kept.installing;
      fresh?.addEventListener("statechange", () => {
        if (fresh.state === "installed" && navigator.serviceWorker.controller) offer(fresh);
      });
    });
  }, () => {}); // without it all works the same
}

function offer(fresh) {
  const line = document.createElement("p");
  line.className = "block info";
  line.setAttribute("role", "status");
  line.append("Une nouvelle version de ces pages est là. ");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = "Recharger";
  button.addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    fresh.postMessage("reload");
  });
  line.append(button);
  document.getElementById("contenu").prepend(line);
}
