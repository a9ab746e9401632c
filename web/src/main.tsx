import "./style/tokens.css";
import "./style/page.css";
import "./style/forms.css";
import "./style/records.css";
import "./style/registry.css";
import "./style/lineage.css";
import "./style/history.css";
import "./style/verify.css";
import "./style/model.css";
import "./style/publish.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { loadSettings } from "./state/settings.ts";

const page = document.getElementById("page");
if (page !== null) {
  await loadSettings();
  render(<App />, page);
}
