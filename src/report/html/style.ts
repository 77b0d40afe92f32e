/** The page's style sheet. It uses system colours, which follow light and dark mode by themselves. */
export const STYLE = `
:root { color-scheme: light dark; --round: #4269d0; --user: #4269d0; --system: #97bbf5;
  --good: #2a9d4a; --bad: #d0493c; --line: color-mix(in srgb, CanvasText 25%, Canvas);
  --dim: color-mix(in srgb, CanvasText 70%, Canvas); }
@media (prefers-color-scheme: dark) { :root { --round: #8fb0ff; --user: #6c8ff0; --system: #b8ccff; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem;
  background: Canvas; color: CanvasText; overflow-wrap: anywhere; }
a { color: LinkText; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
.warning { border-left: 4px solid var(--bad); padding-left: .75rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
@media (min-width: 45rem) { form { position: sticky; top: 0; z-index: 1; background: Canvas; } }
.short ul { padding-left: 1.2rem; } .short li { margin: .4rem 0; }
.case { scroll-margin-top: 4rem; }
form[hidden], [data-off] { display: none !important; }
select { font: inherit; max-width: 100%; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .3rem .6rem; border: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { font-weight: 600; } th[scope=row], thead th:first-child { text-align: left; }
td small { display: block; color: inherit; }
.faster { background: color-mix(in srgb, var(--good) var(--depth), Canvas); }
.slower { background: color-mix(in srgb, var(--bad) var(--depth), Canvas); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
figure { margin: 0; min-width: 0; } figcaption { font-size: .9rem; color: var(--dim); }
svg { max-width: 100%; height: auto; overflow: visible; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; }
@media print { form { display: none; } section.case { break-inside: avoid; } }
`;
