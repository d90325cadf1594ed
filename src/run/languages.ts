/** The closed table of languages: what they are called, and how the launcher of each is started. */
export const languages = {
  python: {
    aliases: ['py', 'py3', 'python3'],
    /** What a program without a name is called. */
    mainFile: 'main.py',
    /** A file of launchers/. */
    launcher: 'python.py',
    /** Starts a launcher of that many bytes, which comes first on stdin. */
    command: (launcherBytes: number) => [
      'python',
      '-u',
      '-c',
      `exec(open(0, 'rb', closefd=False).read(${launcherBytes}))`,
    ],
  },
} as const;

export type LanguageName = keyof typeof languages;
