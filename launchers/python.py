# PID 1 of a Python sandbox, run by `python -u -c` from the beginning of stdin. It boots and forks. The child says that it
# is ready, waits on stdin for the one request, and becomes the user's program; the parent watches it and reports how it ended.
# Forking ahead keeps what a fork costs, above all the copying of each page that either side touches first, off the
# request's path. The protocol is written down in src/sandbox/wire.ts, the other half of this file.
#
# It imports only what it cannot do without: json alone would cost every waiting sandbox 6 ms of boot and 1 MB.

pristine_globals = dict(globals())
import sys

pristine_modules = set(sys.modules)
import _signal as signal  # `signal` itself would pull in enum
import _warnings
import ctypes
import gc
import os
import resource
from time import monotonic, sleep

TICK_S = 0.05  # how often the CPU counter is compared with its limit
LINGER_S = 0.3  # after the report: ending a container takes 40 ms of CPU, which the runs that came with it are not to feel
GIVE_UP_S = 1.0  # past the wall limit: whoever was to read the report is gone
STOP_SIGNAL = signal.SIGUSR1  # the server sends it to end the program and still get its report
FORWARDED_SIGNALS = {
    signal.SIGINT: signal.SIGINT,
    signal.SIGTERM: signal.SIGTERM,
    signal.SIGUSR2: signal.SIGKILL,  # which would end the launcher itself
}
WATCHED_SIGNALS = {signal.SIGCHLD, STOP_SIGNAL, *FORWARDED_SIGNALS}
PR_SET_DUMPABLE = 4  # linux/prctl.h
MADV_POPULATE_WRITE = 23  # asm-generic/mman-common.h, since Linux 5.14; refused by others, which only costs time
PyCF_IGNORE_COOKIE = 0x0800  # cpython/compile.h; `-c` compiles text, so a coding cookie means nothing

libc = ctypes.CDLL(None)
python = ctypes.pythonapi
python.PyThreadState_Get.restype = ctypes.c_void_p


class CompilerFlags(ctypes.Structure):
    _fields_ = [('flags', ctypes.c_int), ('feature_version', ctypes.c_int)]


class Counter:
    """A number that the kernel keeps for this container, or zero where it keeps none (gVisor)."""

    def __init__(self, *places):
        self.fd, self.key, self.unit = -1, b'', 1
        for path, key, unit in places:
            try:
                self.fd, self.key, self.unit = os.open(path, os.O_RDONLY), key, unit
                return
            except OSError:
                continue

    def __call__(self):
        if self.fd < 0:
            return 0
        for line in os.pread(self.fd, 4096, 0).splitlines():
            if line.startswith(self.key):
                return int(line[len(self.key) :]) * self.unit
        return 0


# Places: cgroup v1, then v2. Units: CPU in nanoseconds, memory in bytes.
cpu_ns = Counter(('/sys/fs/cgroup/cpuacct/cpuacct.usage', b'', 1), ('/sys/fs/cgroup/cpu.stat', b'usage_usec ', 1000))
memory_peak = Counter(
    ('/sys/fs/cgroup/memory/memory.max_usage_in_bytes', b'', 1), ('/sys/fs/cgroup/memory.peak', b'', 1)
)
oom_kills = Counter(
    ('/sys/fs/cgroup/memory/memory.oom_control', b'oom_kill ', 1), ('/sys/fs/cgroup/memory.events', b'oom_kill ', 1)
)


def read_exactly(count):
    """Unbuffered, so that the byte after the last one is still the program's; EOF means that nobody needs us any more."""
    chunks = []
    while count:
        chunk = os.read(0, count)
        if not chunk:
            os._exit(0)
        chunks.append(chunk)
        count -= len(chunk)
    return b''.join(chunks)


def prepare_memory():
    """Does now what would otherwise be done on the request's path: copies what is shared with the other side of the fork,
    page by page as it is first written to; and walks all objects of the interpreter, three times, when it finalizes."""
    gc.freeze()
    with open('/proc/self/maps') as maps:
        for line in maps:
            span, permissions, _ = line.split(' ', 2)
            if permissions == 'rw-p':
                start, end = (int(address, 16) for address in span.split('-'))
                libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_POPULATE_WRITE)


def watch(child, limits, deadline, cpu_start):
    """Waits for the program to end, and ends it at its limits. Returns its wait status, its rusage and the limit that
    fired ('wall', 'cpu' or None)."""
    stopped_by = None
    while True:
        while True:  # orphans of the program are ours to reap, too
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == child:
                return status, usage, stopped_by
            if pid == 0:
                break
        wall_left = deadline - monotonic()
        cpu_left = limits['cpuMs'] / 1000 - (cpu_ns() - cpu_start) / 1e9
        if not stopped_by and (wall_left <= 0 or cpu_left <= 0):
            stopped_by = 'wall' if wall_left <= 0 else 'cpu'
            kill_everything()
        pause = TICK_S if stopped_by else max(0.001, min(TICK_S, wall_left, cpu_left))
        received = signal.sigtimedwait(WATCHED_SIGNALS, pause)
        # A sender of this namespace has a pid: only who is outside of it, the server, has a say.
        if received and received.si_pid == 0:
            if received.si_signo == STOP_SIGNAL:
                kill_everything()
            elif received.si_signo in FORWARDED_SIGNALS:
                os.kill(child, FORWARDED_SIGNALS[received.si_signo])


def kill_everything():
    try:
        os.kill(-1, signal.SIGKILL)  # everything in this PID namespace but PID 1
    except ProcessLookupError:
        pass


def write_all(fd, data, give_up_at):
    os.set_blocking(fd, False)
    while data:
        try:
            data = data[os.write(fd, data) :]
        except BlockingIOError:
            if monotonic() > give_up_at:
                os._exit(1)
            sleep(0.0005)


def watch_and_report(child, requests):
    """Learns from the child what it was fed, watches it to its end, and writes the terminators and the end report. What
    the program left running is killed first: nothing may follow the terminator."""
    oom_start = oom_kills()  # before the child is fed: it may be killed as soon as it is
    order = os.read(requests, 4096)
    if not order:
        os._exit(0)  # the child was never fed
    cpu_start, memory_start = cpu_ns(), memory_peak()
    nonce, limits = eval(order)
    deadline = monotonic() + limits['wallMs'] / 1000
    status, usage, stopped_by = watch(child, limits, deadline, cpu_start)
    kill_everything()
    own_cpu_ns = int((usage.ru_utime + usage.ru_stime) * 1e9)
    used_cpu_ns = cpu_ns() - cpu_start or own_cpu_ns
    exit_code = os.waitstatus_to_exitcode(status)
    # RLIMIT_CPU was quicker than our own look at the counter.
    if -exit_code in (signal.SIGXCPU, signal.SIGKILL) and used_cpu_ns >= limits['cpuMs'] * 1e6:
        stopped_by = stopped_by or 'cpu'
    peak = memory_peak()
    fields = {
        'exitCode': 'null' if exit_code < 0 else exit_code,
        'signalNumber': -exit_code if exit_code < 0 else 'null',
        'limit': '"%s"' % stopped_by if stopped_by else 'null',
        'cpuUs': used_cpu_ns // 1000,
        # The cgroup's peak counts only if this run moved it: before, it is what the container needed to start.
        'memoryBytes': max(usage.ru_maxrss * 1024, peak if peak > memory_start else 0),
        'oomKills': oom_kills() - oom_start,
    }
    terminator = b'\0katabox-end:%s\n' % nonce.encode()
    give_up_at = deadline + GIVE_UP_S
    write_all(1, terminator, give_up_at)
    end_report = '{%s}\n' % ','.join('"%s":%s' % field for field in fields.items())
    write_all(2, terminator + end_report.encode(), give_up_at)


def become_program(requests):
    """In the child: undoes what distinguishes the launcher from a process that `python -c` has just started."""
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    with open('/proc/self/oom_score_adj', 'w') as score:
        score.write('1000')  # the kernel is to kill the program, never the launcher
    os.closerange(3, requests)
    os.closerange(requests + 1, 256)
    os.setsid()
    for name in set(sys.modules) - pristine_modules:
        del sys.modules[name]
    main = type(sys)('__main__')
    main.__dict__.update(pristine_globals)
    sys.modules['__main__'] = main


def receive_program(requests):
    """Waits for the request, passes what the parent must know of it on, and writes its files. Returns the source, or
    None and the path of the file that is to run."""
    os.write(1, b'{"version":"%s"}\n' % sys.version.split()[0].encode())
    # A JSON text is a Python expression but for three words, and this one comes from the server, which owns us anyway.
    header = eval(read_exactly(int(read_exactly(8), 16)), {'null': None, 'true': True, 'false': False})
    # First of all: from here on the parent can report, should the rest be too much for the memory limit.
    os.write(requests, repr((header['nonce'], header['limits'])).encode())
    os.close(requests)
    # In whole seconds and sampled by ticks, hence only the backstop: a second later than the parent looks itself.
    cpu_s = -(-header['limits']['cpuMs'] // 1000) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    sys.argv[1:] = header['args']
    if not header['files']:
        return read_exactly(header['sourceBytes']), None
    for name, size in header['files']:
        write_file(name, read_exactly(size))
    sys.argv[0] = header['files'][0][0]
    path = os.path.join(os.getcwd(), sys.argv[0])
    sys.path[0] = os.path.dirname(path)
    return None, path


def write_file(name, content):
    try:
        if '/' in name:
            os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, 'xb') as file:
            file.write(content)
    except OSError as error:
        os.write(2, ('cannot write %s: %s\n' % (name, error.strerror)).encode())
        os._exit(1)


def forget_depth():
    """Lets the program recurse as deep as if no launcher frame were below it. The remaining depth stands in the thread
    state, before the limit, at an offset that differs between versions: a rare limit shows where."""
    limit, rare = sys.getrecursionlimit(), 1_234_567
    sys.setrecursionlimit(rare)
    state = (ctypes.c_int * 64).from_address(python.PyThreadState_Get())
    at = list(state).index(rare) if rare in state else 0
    sys.setrecursionlimit(limit)
    if at:
        # This frame is given back on return; up to 3.11 the call out of ctypes counts as well.
        state[at - 1] = limit - 1 + (sys.version_info < (3, 12))


def register_lines(source):
    """From 3.13 on, tracebacks of `-c` show its source lines, which its C function for `-c` alone makes known. What the
    compiler warns of is left for the run itself to say, and so is what does not compile."""
    linecache = sys.modules.get('linecache')
    if not hasattr(linecache, '_register_code'):
        return
    linecache._interactive_cache.clear()
    _warnings.filters.insert(0, ('ignore', None, Warning, None, 0))
    try:
        text = source.decode()
        linecache._register_code(compile(text, '<string>', 'exec', 0, True), text, '<string>')
    except Exception:
        pass
    finally:
        del _warnings.filters[0]


def run(source, path):
    """Does what `-c SOURCE` and `FILE` do, by the same C functions, so that tracebacks, SystemExit and the like are
    Python's own."""
    if path is None:
        flags = CompilerFlags(PyCF_IGNORE_COOKIE, sys.version_info.minor)
        refuse_nul(source)
        register_lines(source)
        execute, program = python.PyRun_SimpleStringFlags, (source,)
    else:
        flags = CompilerFlags(0, sys.version_info.minor)
        libc.fopen.restype = ctypes.c_void_p
        file, close_it = ctypes.c_void_p(libc.fopen(path.encode(), b'rb')), 1
        execute, program = python.PyRun_SimpleFileExFlags, (file, path.encode(), close_it)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED_SIGNALS)
        forget_depth()
        failed = execute(*program, ctypes.byref(flags))
    except KeyboardInterrupt:  # sent before the program's first line: no frame of ours is to be seen
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    # After an interrupt the interpreter kills itself by SIGINT if we just fall off the end, as `-c` would.
    if failed and getattr(sys, 'last_type', None) is not KeyboardInterrupt:
        python.Py_Exit(1)


def refuse_nul(source):
    if b'\0' in source:  # which no argument of `-c` can hold; the wording is that of a file with a NUL
        line = source[: source.index(b'\0')].count(b'\n') + 1
        sys.excepthook(
            SyntaxError, SyntaxError('source code cannot contain null bytes', ('<string>', line, None, None)), None
        )
        python.Py_Exit(1)


signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED_SIGNALS)
libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
from_child, to_parent = os.pipe()
child = os.fork()
if child:
    os.close(0)
    os.close(to_parent)
    watch_and_report(child, from_child)
    sleep(LINGER_S)
    os._exit(0)
become_program(to_parent)
prepare_memory()
run(*receive_program(to_parent))
