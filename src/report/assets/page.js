"use strict";
// Buttons that copy what is typed. Without this script the page lacks nothing but them.
const said = document.getElementById("said");

function copyBySelection(block) {
  const range = document.createRange();
  range.selectNodeContents(block);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return document.execCommand("copy");
}

async function copy(block) {
  try {
    await navigator.clipboard.writeText(block.textContent);
    return true;
  } catch {
    return copyBySelection(block);
  }
}

for (const block of document.querySelectorAll("pre[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", block.dataset.copy);
  button.addEventListener("click", async () => {
    const done = await copy(block);
    button.textContent = done ? "Copied" : "Select";
    said.textContent = done ? "Copied." : "The text is selected: copy it with the keyboard.";
    setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 2000);
  });
  block.after(button);
}

// Paper cannot be opened.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of closed) one.open = false;
});
