/** The closed table of languages: what they are called, and how the launcher of each is started. */
export const languages = {
  python: {
    aliases: ['py', 'py3', 'python3'],
    /** What a program without a name is called. */
    mainFile: 'main.py',
    /** A file of launchers/, whose text becomes the command's last argument. */
    launcher: 'python.py',
    command: ['python', '-u', '-c'],
  },
} as const;

export type LanguageName = keyof typeof languages;
