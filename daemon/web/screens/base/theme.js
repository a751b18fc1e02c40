// Light, dark or as the system has it, and high contrast; remembered on this screen.

const storage = 'mailroom.theme';
export const themes = ['system', 'light', 'dark', 'contrast'];
const dark = matchMedia('(prefers-color-scheme: dark)');
const more = matchMedia('(prefers-contrast: more)');

export function chosenTheme() {
  const stored = localStorage.getItem(storage);
  return themes.includes(stored) ? stored : 'system';
}

export function chooseTheme(theme) {
  localStorage.setItem(storage, theme);
  applyTheme();
}

export function applyTheme() {
  const theme = chosenTheme();
  const isDark = theme === 'dark' || (theme === 'system' && dark.matches);
  document.documentElement.dataset.kernTheme = isDark ? 'dark' : 'light';
  document.documentElement.dataset.contrast = theme === 'contrast' || (theme === 'system' && more.matches) ? 'high' : 'normal';
}

dark.addEventListener('change', applyTheme);
more.addEventListener('change', applyTheme);
