/** Where an ellipsis cuts a text short, the pointer over it gets the whole text as a tooltip. */
export function tellWholeTexts(page: Document): void {
  page.addEventListener("pointerover", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    const cut = isCut(target);
    if (cut && target.closest("[title]") === null) {
      target.title = target.innerText;
      target.dataset["whole"] = "";
    } else if ("whole" in target.dataset) {
      if (cut) target.title = target.innerText;
      else {
        target.removeAttribute("title");
        delete target.dataset["whole"];
      }
    }
  });
}

function isCut(element: HTMLElement): boolean {
  const { textOverflow, webkitLineClamp } = getComputedStyle(element);
  return (
    (textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth) ||
    (!["", "none"].includes(webkitLineClamp) && element.scrollHeight > element.clientHeight)
  );
}
