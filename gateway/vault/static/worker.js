// The shell alone is kept on the device: style, script, icon, and one page that says there is no
// network. No page of a space, and nothing about health, ever is (VAULT UIX-03).
"use strict";

const SHELL = "coquille-{version}";
const FILES = ["{files}"];
const OFFLINE = "/hors-ligne";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([OFFLINE, ...FILES])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(
    names.filter((name) => name !== SHELL).map((name) => caches.delete(name)),
  )));
});

self.addEventListener("message", (event) => {
  if (event.data === "reload") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  const place = new URL(url);
  if (FILES.includes(place.pathname + place.search)) {
    event.respondWith(caches.match(event.request).then((found) => found || fetch(event.request)));
  } else if (mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  }
});
