/** Light, dark, or as the reader's system has it: a button that goes round. The style sheet does the rest. */
export function themeButton(): HTMLButtonElement {
  const choices = ['auto', 'light', 'dark'] as const;
  const root = document.documentElement;
  const button = document.createElement('button');
  button.type = 'button';
  const wear = (choice: string): void => {
    root.dataset['theme'] = choice;
    button.textContent = `Theme: ${choice}`;
  };
  wear(remembered('theme') ?? 'auto');
  button.addEventListener('click', () => {
    const now = choices.indexOf(root.dataset['theme'] as (typeof choices)[number]);
    const next = choices[(now + 1) % choices.length]!;
    wear(next);
    remember('theme', next);
  });
  return button;
}

/** A button that hides the code, for those who only want to read. */
export function codeButton(): HTMLButtonElement {
  const root = document.documentElement;
  const button = document.createElement('button');
  button.type = 'button';
  const set = (hidden: boolean): void => {
    root.dataset['code'] = hidden ? 'hidden' : 'shown';
    button.textContent = hidden ? 'Show code' : 'Hide code';
  };
  set(remembered('code') === 'hidden');
  button.addEventListener('click', () => {
    set(root.dataset['code'] !== 'hidden');
    remember('code', root.dataset['code']!);
  });
  return button;
}

// A page from disk may have no storage: then a choice holds for as long as the page is open.
function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`lecture-lab-${key}`);
  } catch {
    return null;
  }
}
function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`lecture-lab-${key}`, value);
  } catch {
    return;
  }
}
