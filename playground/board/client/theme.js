/** Light or dark where there is no Streamlit to say so. */

/** @param {string} [choice] 'light', 'dark', or else what the system has. */
export function followTheme(choice) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const isDark = choice === 'dark' || (choice !== 'light' && system.matches);
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  };
  system.addEventListener('change', apply);
  apply();
}
