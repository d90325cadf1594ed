/** What is used of a package that has no types. */
declare module 'piston-client' {
  interface Answer {
    readonly language: string;
    readonly version: string;
    readonly run: { readonly stdout: string; readonly output: string; readonly code: number };
    readonly message?: string;
  }
  interface Client {
    runtimes(): Promise<readonly { readonly language: string; readonly version: string }[]>;
    execute(language: string, code: string, options?: object): Promise<Answer>;
    execute(options: object): Promise<Answer>;
  }
  export function piston(options: { readonly server: string }): Client;
}
