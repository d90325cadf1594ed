/** Programs whose stdout, stderr and exit code are to be those of plain `python -u -c`: [name, source, stdin]. */
type Program = readonly [name: string, source: string, stdin?: string];

const syntax: Program[] = [
  ['an unclosed bracket', 'print((1, 2)\n'],
  ['an unterminated string', 'x = "abc\nprint(x)'],
  ['a bad indent', 'if True:\nprint(1)'],
  ['tabs and spaces mixed', 'if 1:\n\tx = 1\n        y = 2'],
  ['return outside a function', 'return 1'],
  ['an invalid character', 'x = 1 \u2192 2'],
  ['a byte order mark', '\ufeffprint("marked")'],
  ['nothing at all', ''],
  ['only comments', '# one\n# two\n'],
  ['CRLF line ends', 'if True:\r\n    print("""a\r\nb""" == "a\\nb")\r\n'],
  ['a coding cookie that does not apply', '# -*- coding: latin-1 -*-\nprint("ä€", len("ä€"))'],
  ['a future import', 'from __future__ import annotations\ndef f(x: Nope): pass\nprint(f.__annotations__)'],
  ['brackets nested too deeply', '('.repeat(300) + ')'.repeat(300)],
  ['a syntax warning', 'print("\\d", 1 is 1)'],
];

const tracebacks: Program[] = [
  ['a division by zero', '1/0'],
  ['an error some calls down', 'def f(n):\n    return f(n - 1) if n else {}["key"]\n\nf(3)\n'],
  ['one exception during another', 'try:\n    1/0\nexcept ZeroDivisionError:\n    int("x")'],
  [
    'one exception from another',
    'try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise ValueError("b") from e',
  ],
  ['an exception group', 'raise ExceptionGroup("several", [ValueError(1), TypeError("two")])'],
  ['an exception with a note', 'e = ValueError("x")\ne.add_note("a note: é")\nraise e'],
  ['endless recursion', 'def f():\n    f()\nf()'],
  [
    'endless recursion, caught',
    'import sys\ndef f(n):\n    try:\n        return f(n + 1)\n    except RecursionError:\n        return n\nprint(f(0), sys.getrecursionlimit())',
  ],
  ['a failed assertion', 'assert 1 == 2, "numbers"'],
  ['an error inside eval', 'eval("1 +")'],
  ['an error in a compiled file name', 'exec(compile("1/0", "other.py", "exec"))'],
  ['a missing module', 'import nothing_of_the_kind'],
  [
    'an except hook of its own',
    'import sys\nsys.excepthook = lambda t, v, tb: print("hook", t.__name__, v, tb.tb_lineno)\n1/0',
  ],
  ['a broken except hook', 'import sys\nsys.excepthook = lambda *a: 1/0\nint("x")'],
  ['the traceback module', 'import traceback\ntry:\n    1/0\nexcept Exception:\n    traceback.print_exc()'],
  [
    'an error in a thread',
    'import threading\nt = threading.Thread(target=lambda: 1/0, name="worker")\nt.start()\nt.join()\nprint("main goes on")',
  ],
  ['an error in __del__', 'class A:\n    def __del__(self): raise ValueError("late")\nA()\nprint("done")'],
  ['a warning', 'import warnings\nwarnings.warn("careful")'],
];

const exits: Program[] = [
  ['sys.exit()', 'import sys\nsys.exit()'],
  ['sys.exit(3)', 'import sys\nsys.exit(3)'],
  ['sys.exit(137)', 'import sys\nsys.exit(137)'],
  ['sys.exit(256)', 'import sys\nsys.exit(256)'],
  ['sys.exit(-1)', 'import sys\nsys.exit(-1)'],
  ['sys.exit with words', 'import sys\nsys.exit("goodbye, ünicode")'],
  ['sys.exit with something odd', 'import sys\nsys.exit([1, 2])'],
  [
    'SystemExit from a function',
    'def f():\n    raise SystemExit(4)\ntry:\n    f()\nfinally:\n    print("finally")',
  ],
  ['os._exit after an unflushed print', 'import os\nprint("kept", end="")\nos._exit(9)'],
  [
    'atexit handlers, last first',
    'import atexit\natexit.register(print, "first")\natexit.register(print, "second")\nprint("main")',
  ],
  ['atexit after an error', 'import atexit\natexit.register(print, "bye")\n1/0'],
  ['an error inside atexit', 'import atexit\natexit.register(lambda: 1/0)'],
  [
    'a thread that outlives the main one',
    'import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.1), print("late"))).start()\nprint("main")',
  ],
  [
    'a daemon thread that does not',
    'import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nprint("main")',
  ],
  ['quit()', 'quit(5)'],
];

const signals: Program[] = [
  [
    'SIGTERM to itself',
    'import os, signal\nprint("before")\nos.kill(os.getpid(), signal.SIGTERM)\nprint("after")',
  ],
  ['SIGKILL to itself', 'import os\nos.kill(os.getpid(), 9)'],
  ['SIGUSR1 to itself', 'import os, signal\nos.kill(os.getpid(), signal.SIGUSR1)'],
  ['SIGALRM by an alarm', 'import signal\nsignal.alarm(1)\nsignal.pause()'],
  ['abort', 'import os\nos.abort()'],
  ['a segmentation fault', 'import ctypes\nctypes.string_at(0)'],
  [
    'SIGINT to itself, unhandled',
    'import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nfor _ in range(1000000): pass',
  ],
  [
    'SIGINT to itself, handled',
    'import os, signal\ntry:\n    os.kill(os.getpid(), signal.SIGINT)\n    for _ in range(1000000): pass\nexcept KeyboardInterrupt:\n    print("caught")',
  ],
  [
    'a SIGCHLD handler',
    'import os, signal, time\nsignal.signal(signal.SIGCHLD, lambda *a: print("child"))\nif os.fork() == 0: os._exit(0)\ntime.sleep(0.3)',
  ],
  [
    'every signal at its default',
    'import signal\nprint([(s.name, str(signal.getsignal(s))) for s in sorted(signal.valid_signals()) if isinstance(s, signal.Signals)])\nprint(signal.pthread_sigmask(signal.SIG_BLOCK, []))',
  ],
  ['a broken pipe', 'import os\nr, w = os.pipe()\nos.close(r)\nos.write(w, b"x")'],
];

const surroundings: Program[] = [
  ['its globals', 'print(sorted(globals()), __name__, __doc__, __spec__, __loader__, type(__builtins__))'],
  ['its modules', 'import sys\nprint(sorted(sys.modules))'],
  ['sys.argv, path and flags', 'import sys\nprint(sys.argv, sys.path, sys.flags, sys.executable)'],
  ['its directory', 'import os\nprint(os.getcwd(), os.listdir("."))'],
  [
    'the names it knows',
    'import socket\nprint(open("/etc/hosts").read(), socket.gethostbyname("localhost"))',
  ],
  [
    'its descriptors',
    'import os\nprint(sorted(int(n) for n in os.listdir("/proc/self/fd"))[:3], len(os.listdir("/proc/self/fd")))',
  ],
  [
    'its streams',
    'import sys\nprint([(s.encoding, s.errors, s.line_buffering, s.write_through, s.isatty()) for s in (sys.stdin, sys.stdout, sys.stderr)])',
  ],
  [
    'its main module',
    'import sys\nprint(sys.modules["__main__"].__dict__ is globals(), hasattr(sys.modules["__main__"], "__file__"))',
  ],
  ['its process group', 'import os\nprint(os.getpgrp() == os.getpid())\nos.setsid()'],
  [
    'pickling what it defines',
    'import pickle\nclass P: pass\nprint(type(pickle.loads(pickle.dumps(P()))) is P)',
  ],
  [
    'its locale',
    'import locale, os\nprint(locale.getlocale(), os.environ.get("LC_CTYPE"), os.environ.get("PATH"))',
  ],
];

const streams: Program[] = [
  ['input()', 'print("Hello, " + input() + "!")', 'Ada\n'],
  ['input() with a prompt', 'print(int(input("n? ")) * 2)', '21\n'],
  ['input() with no stdin', 'input()'],
  ['reading stdin to its end', 'import sys\nprint(sum(map(int, sys.stdin)))', '1\n2\n3'],
  ['stdin as bytes', 'import sys\nprint(sys.stdin.buffer.read())', 'a\r\nb\u20ac'],
  ['stdin through os.read', 'import os\nprint(os.read(0, 5), os.read(0, 100))', 'hello world'],
  ['stdin that is never read', 'print("no thanks")', 'x'.repeat(70_000)],
  ['unicode', 'print("naïve 日本語 🐍 e\u0301")\nimport sys\nprint("err é", file=sys.stderr)'],
  ['a lone surrogate', 'print("\\ud800")'],
  ['bytes that are not UTF-8', 'import sys\nsys.stdout.buffer.write(b"\\xff\\xfe ok\\n")'],
  ['NULs', 'import os\nos.write(1, b"a\\0b\\0\\0katabox-end:\\n")'],
  ['a large output', 'print("x" * 300_000)'],
  ['many lines', 'for i in range(20_000): print(i)'],
  ['a closed stdout', 'import sys\nsys.stdout.close()\nprint("x")'],
];

const processes: Program[] = [
  [
    'subprocess',
    'import subprocess\nprint(subprocess.run(["sh", "-c", "cat; exit 3"], input="in", text=True, capture_output=True))',
  ],
  ['os.system', 'import os\nprint(os.system("echo from sh; exit 2"))'],
  [
    'fork and wait',
    'import os\npid = os.fork()\nif pid == 0:\n    print("child")\n    os._exit(7)\nprint(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))',
  ],
  ['no children to begin with', 'import os\nos.wait()'],
  [
    'threads',
    'from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as p: print(list(p.map(lambda n: n * n, range(20))))',
  ],
  [
    'asyncio',
    'import asyncio\nasync def f(n):\n    await asyncio.sleep(0.01)\n    return n\nasync def main(): print(await asyncio.gather(*map(f, range(5))))\nasyncio.run(main())',
  ],
  [
    'multiprocessing, forked',
    'import multiprocessing as m\ndef f(q): q.put("from a child")\nq = m.get_context("fork").SimpleQueue()\np = m.get_context("fork").Process(target=f, args=(q,))\np.start()\nprint(q.get())\np.join()',
  ],
  ['exec of another program', 'import os\nos.execvp("echo", ["echo", "replaced"])'],
  [
    'signal of a child',
    'import subprocess, signal\np = subprocess.Popen(["sleep", "60"])\np.terminate()\nprint(p.wait())',
  ],
];

export const programs: readonly Program[] = [
  ...syntax,
  ...tracebacks,
  ...exits,
  ...signals,
  ...surroundings,
  ...streams,
  ...processes,
];
