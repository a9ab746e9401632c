/** How the page looks: on a screen, light and dark, and on paper. It must stand in the page, for the page asks for nothing. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d5d9de; --paper: #fff; --sheet: #f6f7f9; --link: #0b57d0;
  --bad: #a11414; --bad-sheet: #fdecec; --warn: #7a4b00; --warn-sheet: #fff4dc; --good: #14602f; --good-sheet: #e9f6ed; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #a4adb8; --line: #3a424c; --paper: #14171b; --sheet: #1d2227;
  --link: #8ab4f8; --bad: #ff9d9d; --bad-sheet: #3a1a1a; --warn: #ffd48a; --warn-sheet: #3a2c10; --good: #8fdca8; --good-sheet: #14301f; }
  figure svg { filter: invert(.92) hue-rotate(180deg); } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 Charter, "Bitstream Charter", Georgia, "Noto Serif CJK JP", serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
header { border-top: 6px solid var(--ink); padding-top: 1rem; }
h1, h2, h3, th, dt, .status, footer, small { font-family: ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 2.1rem; line-height: 1.15; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h3 { font-size: .95rem; margin: 1.5rem 0 .4rem; }
p { margin: .5rem 0; }
a { color: var(--link); }
code, pre { font: .82em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { background: var(--sheet); border: 1px solid var(--line); padding: .7rem .9rem; white-space: pre-wrap; }
.kind { color: var(--soft); margin: 0 0 .5rem; font-size: .85rem; font-family: ui-sans-serif, system-ui, Helvetica, Arial, sans-serif; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.status { border: 1px solid; border-left-width: 8px; padding: .8rem 1rem; margin: 1.25rem 0 0; }
.status p { margin: .3rem 0 0; }
.status strong { font-size: 1.05rem; }
.status.active { color: var(--good); background: var(--good-sheet); }
.status.deprecated, .warn { color: var(--warn); background: var(--warn-sheet); }
.status.revoked { color: var(--bad); background: var(--bad-sheet); }
.warn { border-left: 8px solid; padding: .6rem 1rem; }
td.bad { color: var(--bad); font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(8rem, 11rem) 1fr; gap: .35rem 1.25rem; margin: 0; }
dt { color: var(--soft); font-size: .88rem; padding-top: .1rem; overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; }
dd ul { margin: 0; padding-left: 1.1rem; }
dd li { margin: 0; }
small { color: var(--soft); font-size: .85em; }
small code { font-size: .92em; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 600; font-size: .82rem; }
tbody th { font-weight: 600; }
table.files td:nth-child(2) { white-space: nowrap; }
table.files th:first-child { width: 38%; }
ul, ol { margin: .4rem 0; padding-left: 1.3rem; }
li { margin: .25rem 0; }
.wide { overflow-x: auto; }
figure { margin: 1.5rem 0 0; }
figure svg { display: block; max-width: 100%; height: auto; border: 1px solid #d5d9de; }
figcaption { color: var(--soft); font-size: .85rem; margin-top: .35rem; }
summary { cursor: pointer; }
footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .82rem; overflow-wrap: anywhere; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } h1 { font-size: 1.6rem; }
  table.models { min-width: 34rem; } figure svg { max-width: none; height: 21rem; width: auto; } }
@page { size: A4; margin: 18mm 16mm; }
@media print { body { font-size: 10.5pt; } main { max-width: none; padding: 0; } h2 { margin-top: 1.5rem; } figure svg { max-height: 16cm; } h2, h3 { break-after: avoid; } tr, figure, .status, li { break-inside: avoid; } a { color: inherit; } }
`;
