/** The look of the sandbox's pages: readable, light or dark, nothing to load. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: light-dark(#1c2430, #e6e9ee); --soft: light-dark(#5c6675, #9aa4b2);
  --line: light-dark(#dfe3e8, #333b47); --ground: light-dark(#f5f6f8, #14181e); --card: light-dark(#fff, #1d232b);
  --accent: light-dark(#1f5fbf, #7fb0ff); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.35rem; margin: 0 0 1rem; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
main.card { max-width: 30rem; margin: 3rem auto; padding: 1.5rem; }
table { width: 100%; border-collapse: collapse; } th, td { text-align: left; padding: .6rem .9rem; vertical-align: top; }
th { font-size: .8rem; font-weight: 600; color: var(--soft); } tr + tr td { border-top: 1px solid var(--line); }
td.when { white-space: nowrap; color: var(--soft); font-variant-numeric: tabular-nums; }
form.search { display: flex; gap: .5rem; margin-bottom: 1rem; } form { margin: .5rem 0 0; }
input { flex: 1; font: inherit; color: inherit; padding: .45rem .7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
button { font: inherit; padding: .45rem 1rem; border: 0; border-radius: 8px; background: var(--accent); color: light-dark(#fff, #10151c); cursor: pointer; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0 0 1rem; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: 10px; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; margin: 0; }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; } .empty { padding: 2rem; text-align: center; color: var(--soft); }
`;
