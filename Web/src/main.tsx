// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./style/tokens.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/charts.css";

const wanted = localStorage.getItem("atoll.theme");
const isDark = wanted === null ? matchMedia("(prefers-color-scheme: dark)").matches : wanted === "dark";
document.documentElement.dataset["theme"] = isDark ? "dark" : "light";

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
