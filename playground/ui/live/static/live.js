// The component's entry: Streamlit calls it at every rerun, with the same element as long as the component stays.

import { View } from "./view.js";

const here = new URL(".", import.meta.url);
const views = new WeakMap();
let loaded;

export default async function (component) {
  const { parentElement: parent, data } = component;
  const mine = Symbol();
  const slot = views.get(parent) ?? {};
  views.set(parent, slot);
  Object.assign(slot, { wanted: JSON.parse(data.shown), owner: mine });
  const { page, Plotly } = await (loaded ??= load().catch((error) => {
    loaded = undefined; // the next mount tries again
    throw error;
  }));
  if (slot.owner === mine) {
    slot.view ??= new View(parent, page, Plotly);
    slot.view.show(slot.wanted);
  }
  return () => {
    // Streamlit also calls this for a call that a newer one has overtaken.
    if (slot.owner !== mine) return;
    slot.view?.close();
    views.delete(parent);
  };
}

async function load() {
  const [page] = await Promise.all([json("page.json"), script("plotly.min.js"), style("live.css")]);
  return { page, Plotly: window.Plotly };
}

async function json(name) {
  return (await fetch(new URL(name, here))).json();
}

function script(name) {
  return window.Plotly ? null : loadedElement("script", { src: new URL(name, here).href });
}

function style(name) {
  return loadedElement("link", { rel: "stylesheet", href: new URL(name, here).href });
}

function loadedElement(kind, attributes) {
  return new Promise((resolve, reject) => {
    const node = Object.assign(document.createElement(kind), attributes, { onload: resolve });
    node.onerror = () => reject(new Error(`${attributes.src ?? attributes.href} could not be loaded. Reload the page.`));
    document.head.append(node);
  });
}
