import { mount } from "svelte";
import App from "./App.svelte";
import { keepProgram } from "./lib/offline/program";
import { device } from "./lib/state/appearance.svelte";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/components.css";
import "./styles/forms.css";

device.apply();
mount(App, { target: document.getElementById("app")! });
// What the page itself needs comes first.
addEventListener("load", () => void keepProgram());
