"use strict";
const most = 200;
const part = (id) => document.getElementById(id);
const element = (name, text, kind) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
};
const when = (seconds) => {
  const moment = new Date(seconds * 1000);
  const made = element("time", moment.toISOString().slice(11, 19));
  made.dateTime = moment.toISOString();
  return made;
};
const row = (...cells) => {
  const made = element("tr");
  for (const [content, kind] of cells) {
    const cell = element("td", undefined, kind);
    cell.append(content);
    made.append(cell);
  }
  return made;
};
const keyOf = (thing) => JSON.stringify([thing.project, thing.kind, thing.id]);

function counted(id) {
  const section = part(id);
  const count = section.querySelectorAll("tbody tr").length;
  section.querySelector("h2 span").textContent = count;
  section.querySelector("p").hidden = count > 0;
}
function tableOf(project) {
  for (const body of document.querySelectorAll("#things tbody")) if (body.dataset.project === project) return body;
  const table = part("project").content.firstElementChild.cloneNode(true);
  table.querySelector("h3").textContent = project;
  const body = table.querySelector("tbody");
  body.dataset.project = project;
  part("things").querySelector(".scroll").append(table);
  return body;
}
function rowOf(thing) {
  const key = keyOf(thing);
  for (const found of tableOf(thing.project).rows) if (found.dataset.key === key) return found;
  return null;
}
function showThing(thing, fresh) {
  const state = element("span", thing.label || thing.state, "state " + thing.phase);
  if (thing.label && thing.label !== thing.state) state.title = thing.state;
  const made = row([thing.kind.replaceAll("_", " "), "soft"], [thing.name, "wide"], [thing.state || thing.phase ? state : "", ""], [element("code", thing.id), "id"]);
  made.dataset.key = keyOf(thing);
  if (fresh) made.className = "fresh";
  const old = rowOf(thing);
  if (old) old.replaceWith(made);
  else tableOf(thing.project).append(made);
  counted("things");
}
function hideThing(thing) {
  const old = rowOf(thing);
  if (old) {
    const body = old.parentElement;
    old.remove();
    if (!body.rows.length) body.closest("div").remove();
  }
  counted("things");
}
function prepend(id, made, fresh) {
  const body = part(id).querySelector("tbody");
  if (fresh) made.className = "fresh";
  body.prepend(made);
  while (body.rows.length > most) body.lastElementChild.remove();
  counted(id);
}
function showCall(call, fresh) {
  const status = element("span", call.status || "no answer", "s" + Math.floor(call.status / 100));
  const made = row([when(call.moment), ""], [call.method, "soft"], [element("code", call.target), "wide"], [call.operation, ""], [status, ""],
    [call.milliseconds.toFixed(1), "number"], [element("code", call.request_id), "id"]);
  prepend("calls", made, fresh);
}
function showFault(fired, fresh) {
  prepend("faults", row([when(fired.moment), ""], [element("code", fired.fault), "wide"], [fired.operation, ""]), fresh);
}
function showClock(seconds) {
  const moment = new Date(seconds * 1000);
  const clock = part("clock");
  clock.dateTime = moment.toISOString();
  clock.textContent = moment.toISOString().slice(0, 19).replace("T", " ") + " UTC";
}
const source = new EventSource("/_sim/events");
const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
const link = (text, kind) => { part("link").textContent = text; part("link").className = kind; };
on("begin", (all) => {
  for (const body of document.querySelectorAll("#calls tbody, #faults tbody")) body.replaceChildren();
  part("things").querySelector(".scroll").replaceChildren();
  showClock(all.clock);
  for (const thing of all.things) showThing(thing, false);
  for (const call of all.calls.reverse()) showCall(call, false);
  for (const fired of all.faults.reverse()) showFault(fired, false);
  for (const id of ["things", "calls", "faults"]) counted(id);
  link("live", "live");
});
on("clock", showClock);
on("call", (call) => showCall(call, true));
on("fault", (fired) => showFault(fired, true));
on("state", (thing) => showThing(thing, true));
on("gone", hideThing);
source.onerror = () => link(source.readyState === EventSource.CLOSED ? "ended" : "connecting again", "");
