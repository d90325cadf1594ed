/** The closed table of languages: how the launcher of each is started. */
export const languages = {
  python: {
    /** A file of launchers/, whose text becomes the command's last argument. */
    launcher: 'python.py',
    command: ['python', '-u', '-c'],
  },
} as const;

export type LanguageName = keyof typeof languages;
