import { render } from "preact";
import type { PageData } from "../data.ts";
import { Page } from "./page.tsx";
import "./style.css";

const data: PageData = JSON.parse(document.getElementById("data")?.textContent ?? "");
const place = document.getElementById("page");
if (place) {
  place.replaceChildren();
  render(<Page data={data} />, place);
}
