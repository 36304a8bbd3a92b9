import type { Page } from "playwright-core";

export interface Contrast {
  text: string;
  ratio: number;
}

/**
 * How far each text stands out from what is behind it, as WCAG counts it; run in the page. What is
 * drawn is taken to stand on the ground of its frame.
 */
const MEASURE = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const over = (colour, [r, g, b]) => {
    canvas.fillStyle = "rgb(" + [r, g, b].join(" ") + ")";
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const ground = (element) => {
    const chain = [];
    for (let one = element; one; one = one.parentElement) chain.unshift(one);
    return chain.reduce((below, one) => over(getComputedStyle(one).backgroundColor, below), [255, 255, 255]);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.getElementById("page"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (text === "" || !element.checkVisibility() || element.closest("title, option, noscript, style, :disabled")) continue;
    const { color, fill } = getComputedStyle(element);
    const below = ground(element);
    const [a, b] = [light(over(element.closest("svg") ? fill : color, below)), light(below)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found.push({ text: text.slice(0, 40), ratio: Math.round(ratio * 100) / 100 });
  }
  return found;
})()`;

export function contrasts(page: Page): Promise<Contrast[]> {
  return page.evaluate(MEASURE);
}
