// How Streamlit calls a component: at every rerun, with the same element as long as the component stays.

const here = new URL(".", import.meta.url);

// A component's function. `show(slot, page)` brings `slot.view` up to date with `slot.component`, the newest call.
export function entry(sheets, show) {
  const slots = new WeakMap();
  let loaded;
  return async (component) => {
    const { parentElement: parent } = component;
    const slot = slots.get(parent) ?? {};
    slots.set(parent, slot);
    slot.component = component;
    const page = await (loaded ??= load(sheets).catch((error) => {
      loaded = undefined; // the next mount tries again
      throw error;
    }));
    if (slot.component === component) show(slot, page);
    return () => {
      // Streamlit also calls this for a call that a newer one has overtaken.
      if (slot.component !== component) return;
      slot.view?.close();
      slots.delete(parent);
    };
  };
}

async function load(sheets) {
  const page = fetch(new URL("page.json", here)).then((answer) => answer.json());
  await Promise.all(sheets.map(style));
  return page;
}

function style(name) {
  const { href } = new URL(name, here);
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return null;
  return new Promise((resolve, reject) => {
    const node = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve });
    node.onerror = () => reject(new Error(`${href} could not be loaded. Reload the page.`));
    document.head.append(node);
  });
}
