/** The closed table of languages: what clients call them and how their launcher is started. */
export const languages = {
  python: {
    aliases: ['py', 'py3', 'python3'],
    /** A file of launchers/, whose text becomes the command's last argument. */
    launcher: 'python.py',
    command: ['python', '-u', '-c'],
  },
} as const;

export type LanguageName = keyof typeof languages;
