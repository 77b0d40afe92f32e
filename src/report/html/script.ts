/** The page's script: shows only the chosen rows, in the chosen order. Runs in the browser. */
export const SCRIPT = `
(() => {
  const form = document.getElementById('filters');
  form.hidden = false;
  const main = document.querySelector('main');
  const cases = [...document.querySelectorAll('section.case')];
  const show = () => {
    const { kind, policy, workload, order } = Object.fromEntries(new FormData(form));
    for (const one of document.querySelectorAll('[data-kind]')) {
      const on = (kind === '' || one.dataset.kind === kind) &&
        (workload === '' || one.dataset.workload === workload);
      one.toggleAttribute('data-off', !on);
    }
    for (const one of document.querySelectorAll('[data-policy]')) {
      one.toggleAttribute('data-off', policy !== '' && one.dataset.policy !== policy);
    }
    const by = { run: (a, b) => a.dataset.run - b.dataset.run,
      name: (a, b) => a.dataset.name.localeCompare(b.dataset.name),
      spread: (a, b) => b.dataset.spread - a.dataset.spread }[order];
    const last = main.lastElementChild;
    for (const one of cases.toSorted(by)) main.insertBefore(one, last);
  };
  form.addEventListener('change', show);
  form.addEventListener('submit', (event) => event.preventDefault());
})();
`;
